package dev.polylm.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.QuarkusDevModeTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Dev mode reloads the application after each change of its source. */
final class DevModeTest {
  private static final int PORT = freePort();

  @RegisterExtension
  static final QuarkusDevModeTest APPLICATION =
      new QuarkusDevModeTest()
          .withApplicationRoot(
              jar ->
                  jar.addClasses(AnswerResource.class, TestModel.class)
                      .addAsResource(
                          new StringAsset("quarkus.http.port=" + PORT), "application.properties"));

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String answer() throws Exception {
    URI uri = URI.create("http://localhost:%d/answer".formatted(PORT));
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString(StandardCharsets.UTF_8))
        .body();
  }

  @Test
  void twoReloadsRunTheModel() throws Exception {
    assertThat(answer()).isEqualTo("first\n" + TestModel.ANSWER);
    APPLICATION.modifySourceFile(
        AnswerResource.class, source -> source.replace("\"first\"", "\"second\""));
    assertThat(answer()).isEqualTo("second\n" + TestModel.ANSWER);
    APPLICATION.modifySourceFile(
        AnswerResource.class, source -> source.replace("\"second\"", "\"third\""));
    assertThat(answer()).isEqualTo("third\n" + TestModel.ANSWER);
  }
}
