package dev.polylm.cli.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubDownloadTest {
  @TempDir private Path folder;
  private final LocalHub hub = new LocalHub();
  private final AtomicLong bytes = new AtomicLong();

  @AfterEach
  void close() {
    hub.close();
  }

  private Path target() {
    return folder.resolve("polylm-test");
  }

  private void download() throws InterruptedException {
    download(Duration.ofMinutes(1));
  }

  private void download(Duration longestStall) throws InterruptedException {
    HubDownload download =
        new HubDownload(hub.endpoint(), "secret", Duration.ofMillis(1), longestStall, note -> {});
    download.copy(download.repository(LocalHub.REPOSITORY, "main"), target(), bytes::addAndGet);
  }

  private void assertWhole() throws IOException {
    assertThat(target().resolve(LocalHub.CONFIG)).hasContent("{}");
    assertThat(target().resolve(LocalHub.WEIGHTS)).hasBinaryContent(LocalHub.numbers());
    assertThat(bytes).hasValue(2 + LocalHub.numbers().length);
    try (Stream<Path> all = Files.walk(folder)) {
      assertThat(all.map(path -> folder.relativize(path).toString()))
          .containsExactlyInAnyOrder(
              "", "polylm-test", "polylm-test/config.json", "polylm-test/model.safetensors");
    }
  }

  private void assertRefused(String message) {
    assertThatThrownBy(this::download)
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining(message);
    assertThat(target()).doesNotExist();
  }

  @Test
  void takesOnlyWhatAnExportReadsAndSendsTheTokenToTheHubOnly() throws Exception {
    download();
    assertWhole();
    String resolve = "/%s/resolve/%s/".formatted(LocalHub.REPOSITORY, LocalHub.COMMIT);
    assertThat(hub.requests)
        .containsExactlyInAnyOrder(
            "hub /api/models/%s/revision/main?blobs=true {Authorization=Bearer secret}"
                .formatted(LocalHub.REPOSITORY),
            "hub " + resolve + "config.json {Authorization=Bearer secret}",
            "hub " + resolve + "model.safetensors {Authorization=Bearer secret}",
            "files /blobs/model.safetensors {}");
  }

  @Test
  void goesOnWithTheNextByteAfterBreaks() throws Exception {
    hub.behaviour =
        (exchange, content, request) ->
            LocalHub.send(
                exchange,
                content,
                LocalHub.from(exchange),
                Math.min(content.length, request * 200_000));
    download();
    assertWhole();
    assertThat(hub.served).hasValue(3);
    assertThat(hub.requests).contains("files /blobs/model.safetensors {Range=bytes=400000-}");
  }

  /** Arabic has digits of its own, which no header and no hash may hold. */
  @Test
  void goesOnInAnyLocale() throws Exception {
    hub.behaviour =
        (exchange, content, request) ->
            LocalHub.send(
                exchange,
                content,
                LocalHub.from(exchange),
                Math.min(content.length, request * 200_000));
    Locale before = Locale.getDefault();
    Locale.setDefault(new Locale("ar"));
    try {
      download();
    } finally {
      Locale.setDefault(before);
    }
    assertWhole();
    assertThat(hub.requests)
        .anyMatch(request -> request.matches("files .*Range=bytes=[1-9][0-9]*-}"));
  }

  @Test
  void aLaterRunUsesWhatIsThere() throws Exception {
    hub.behaviour = (exchange, content, request) -> LocalHub.send(exchange, content, 0, 300_000);
    CountDownLatch begun = new CountDownLatch(1);
    hub.behaviour =
        (exchange, content, request) -> {
          if (request == 1) {
            LocalHub.send(exchange, content, 0, 300_000);
          } else {
            begun.countDown();
            exchange.sendResponseHeaders(403, -1);
            exchange.close();
          }
        };
    assertRefused("the hub refuses access (403); set HF_TOKEN");
    assertThat(begun.getCount()).isZero();
    hub.behaviour = LocalHub.Behaviour.good();
    bytes.set(0);
    download();
    assertWhole();
    assertThat(hub.requests).contains("files /blobs/model.safetensors {Range=bytes=300000-}");
  }

  @Test
  void beginsAnewWhereAServerKnowsNoRanges() throws Exception {
    hub.behaviour =
        (exchange, content, request) ->
            LocalHub.send(exchange, content, 0, request == 1 ? 300_000 : content.length);
    download();
    assertWhole();
  }

  @Test
  void waitsWhenItIsThrottled() throws Exception {
    hub.behaviour =
        (exchange, content, request) -> {
          if (request < 4) {
            exchange.getResponseHeaders().add("Retry-After", "0");
            exchange.sendResponseHeaders(request == 1 ? 503 : 429, -1);
            exchange.close();
          } else {
            LocalHub.Behaviour.good().answer(exchange, content, request);
          }
        };
    download();
    assertWhole();
    assertThat(hub.served).hasValue(4);
  }

  @Test
  void breaksOffWhatStalls() throws Exception {
    hub.behaviour =
        (exchange, content, request) -> {
          if (request == 1) {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, 1000);
            exchange.getResponseBody().flush(); // and no more comes
          } else {
            LocalHub.Behaviour.good().answer(exchange, content, request);
          }
        };
    download(Duration.ofSeconds(2));
    assertWhole();
    assertThat(hub.served).hasValue(2);
  }

  @Test
  void givesUpAfterManyBreaksWithoutAByte() {
    hub.behaviour =
        (exchange, content, request) -> {
          exchange.sendResponseHeaders(500, -1);
          exchange.close();
        };
    assertRefused(
        "model.safetensors: can't be had, after 7 tries: the hub answers 500;"
            + " the same command goes on where this one ended");
  }

  @Test
  void refusesOtherContent() throws Exception {
    hub.behaviour =
        (exchange, content, request) -> {
          byte[] other = content.clone();
          other[500_000] ^= 1;
          LocalHub.send(exchange, other, LocalHub.from(exchange), other.length);
        };
    assertRefused("model.safetensors: has the hash ");
    hub.behaviour = LocalHub.Behaviour.good();
    bytes.set(0);
    download();
    assertWhole();
  }

  @Test
  void refusesMoreBytesThanStated() {
    hub.behaviour =
        (exchange, content, request) -> {
          byte[] more = Arrays.copyOf(content, content.length + 1);
          LocalHub.send(exchange, more, 0, more.length);
        };
    assertRefused(
        "model.safetensors: the hub sends more than the %d bytes that it stated"
            .formatted(LocalHub.numbers().length));
  }

  @Test
  void refusesCirclesAndAddressesThatAreNone() {
    hub.behaviour =
        (exchange, content, request) ->
            LocalHub.redirect(exchange, exchange.getRequestURI().toString());
    assertRefused("redirects more than 10 times");
    hub.behaviour =
        (exchange, content, request) -> LocalHub.redirect(exchange, "file:///etc/passwd");
    assertRefused("redirects to \"file:///etc/passwd\", expected an address as safe as its own");
  }

  @Test
  void refusesAnswersThatLie() {
    String good = hub.json;
    hub.json = good.replace(LocalHub.COMMIT, "main");
    assertRefused("the hub names the commit \"main\", expected 40 hexadecimal digits");
    hub.json = "<html>";
    assertRefused("the hub's answer is no JSON");
    hub.json = good.replace("\"config.json\"", "\"readme\"");
    assertRefused("has no config.json; expected a checkpoint");
    hub.json = good.replaceAll("\"size\": \\d{6}", "\"size\": -1");
    assertRefused("the hub states no size and hash of model.safetensors");
    hub.json = good.replaceAll("\"size\": \\d{6}", "\"size\": 900000000000000000");
    assertRefused("bytes left, the download needs 9000000000000000");
  }

  @Test
  void refusesAFileThatIsNamedTwiceAndSizesThatOverflow() {
    String good = hub.json;
    hub.json = good.replace("pytorch_model.bin", "model.safetensors");
    assertRefused("the hub names model.safetensors twice");
    hub.json = good.replaceAll("\"size\": (2|\\d{6})", "\"size\": 9000000000000000000");
    assertRefused("the hub states more bytes than any disk has");
  }

  @Test
  void givesUpWhereTheHubNeverGoesOn() {
    hub.behaviour =
        (exchange, content, request) -> {
          if (LocalHub.from(exchange) > 0) {
            exchange.getResponseHeaders().add("Content-Range", "bytes 0-1/2");
            exchange.sendResponseHeaders(206, 2);
            exchange.getResponseBody().write(content, 0, 2);
            exchange.close();
          } else {
            LocalHub.send(exchange, content, 0, 300_000);
          }
        };
    assertRefused("model.safetensors: the hub broke off 11 times, and can't go on in the middle");
  }

  @Test
  void saysWhyItWaits() throws IOException {
    int port;
    try (ServerSocket closed = new ServerSocket(0)) {
      port = closed.getLocalPort();
    }
    List<String> notes = new ArrayList<>();
    HubDownload download =
        new HubDownload(
            URI.create("http://127.0.0.1:" + port),
            null,
            Duration.ofMillis(1),
            Duration.ofSeconds(1),
            notes::add);
    assertThatThrownBy(() -> download.repository("a/b", "main"))
        .hasMessage(
            "a/b: can't be had, after 7 tries: no connection can be made; the same command goes on"
                + " where this one ended");
    assertThat(notes)
        .hasSize(6)
        .containsOnly("a/b: no connection can be made; trying again in 1 s");
  }

  @Test
  void breaksOffAListThatStalls() throws Exception {
    hub.stallsOnce = true;
    download(Duration.ofSeconds(2));
    assertWhole();
  }

  @Test
  void refusesNamesAndAddressesBeforeItAsks() {
    HubDownload download =
        new HubDownload(
            hub.endpoint(), null, Duration.ofMillis(1), Duration.ofSeconds(1), note -> {});
    for (String name : new String[] {"polylm", "a/b/c", "../b", "a/b?x", "a/b#"}) {
      assertThatThrownBy(() -> download.repository(name, "main"))
          .hasMessageContaining("is no repository; expected owner/name");
    }
    assertThatThrownBy(() -> download.repository("a/private", "main"))
        .hasMessageContaining("refuses access (401)");
    assertThatThrownBy(() -> download.repository("a/b", "no/such"))
        .hasMessageContaining("has no such repository, revision or file");
    assertThatThrownBy(() -> HubDownload.endpoint("ftp://x"))
        .hasMessage("the endpoint is \"ftp://x\", must be an https address");
    assertThat(HubDownload.endpoint("https://hub.example"))
        .isEqualTo(URI.create("https://hub.example"));
  }
}
