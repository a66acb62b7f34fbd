package dev.polylm.cli.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A hub and the server of its large files, which can misbehave. It serves a repository with two
 * files.
 */
public final class LocalHub implements AutoCloseable {
  public static final String REPOSITORY = "DAMO-NLP-MT/polylm-test";
  public static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  public static final String CONFIG = "config.json";
  public static final String WEIGHTS = "model.safetensors";

  /** Git says so: {@code printf '{}' | git hash-object --stdin}. */
  private static final String GIT_HASH_OF_BRACES = "9e26dfeeb6e641a33dae4961196235bdb965b21b";

  /** {@code seq 100000 | sha256sum}. */
  private static final String SHA_256_OF_NUMBERS =
      "b2bc7d3f8b652d2ec96865b68ad8f80e22cca174abe1aed7889e242a747d590f";

  final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer hub = server();
  private final HttpServer files = server();
  private final Map<String, byte[]> contents = new ConcurrentHashMap<>();

  /** The requests to both servers: method, path, range and token. */
  final List<String> requests = new CopyOnWriteArrayList<>();

  /** What happens to a request for a large file. */
  public volatile Behaviour behaviour = Behaviour.good();

  /** The number of requests for large files. */
  final AtomicInteger served = new AtomicInteger();

  volatile String json = "";

  /** The first list of files stops in the middle, and its connection stays open. */
  volatile boolean stallsOnce;

  /** Answers a request for a large file. */
  @FunctionalInterface
  public interface Behaviour {
    void answer(HttpExchange exchange, byte[] content, int request) throws IOException;

    /** Sends what is asked for. */
    static Behaviour good() {
      return (exchange, content, request) ->
          send(exchange, content, from(exchange), content.length);
    }
  }

  public LocalHub() {
    contents.put(CONFIG, "{}".getBytes(StandardCharsets.UTF_8));
    contents.put(WEIGHTS, numbers());
    json =
        """
        {"id": "%s", "sha": "%s", "cardData": {"license": "apache-2.0"}, "siblings": [
          {"rfilename": ".gitattributes", "size": 5, "blobId": "%s"},
          {"rfilename": "../../evil/config.json", "size": 2, "blobId": "%s"},
          {"rfilename": "config.json", "size": 2, "blobId": "%s"},
          {"rfilename": "pytorch_model.bin", "size": 7, "blobId": "%s"},
          {"rfilename": "model.safetensors", "size": %s, "blobId": "%s",
            "lfs": {"sha256": "%s", "size": %s}}]}
        """
            .formatted(
                REPOSITORY,
                COMMIT,
                COMMIT,
                COMMIT,
                GIT_HASH_OF_BRACES,
                COMMIT,
                numbers().length,
                COMMIT,
                SHA_256_OF_NUMBERS,
                numbers().length);
    hub.createContext("/", this::answerHub);
    files.createContext("/", this::answerFile);
    hub.start();
    files.start();
  }

  private HttpServer server() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(threads);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the numbers up to 100,000, a line each. */
  static byte[] numbers() {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= 100_000; i++) {
      text.append(i).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  public URI endpoint() {
    return address(hub);
  }

  private static URI address(HttpServer server) {
    return URI.create("http://localhost:" + server.getAddress().getPort());
  }

  private void answerHub(HttpExchange exchange) throws IOException {
    record("hub", exchange);
    String path = exchange.getRequestURI().toString();
    if (path.equals("/api/models/%s/revision/main?blobs=true".formatted(REPOSITORY))) {
      byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
      if (stallsOnce) {
        stallsOnce = false;
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes, 0, 10);
        exchange.getResponseBody().flush();
        return;
      }
      send(exchange, bytes, 0, bytes.length);
    } else if (path.equals("/%s/resolve/%s/%s".formatted(REPOSITORY, COMMIT, CONFIG))) {
      byte[] config = contents.get(CONFIG);
      send(exchange, config, 0, config.length);
    } else if (path.equals("/%s/resolve/%s/%s".formatted(REPOSITORY, COMMIT, WEIGHTS))) {
      redirect(exchange, address(files) + "/blobs/" + WEIGHTS);
    } else {
      exchange.sendResponseHeaders(path.contains("private") ? 401 : 404, -1);
      exchange.close();
    }
  }

  static void redirect(HttpExchange exchange, String target) throws IOException {
    exchange.getResponseHeaders().add("Location", target);
    exchange.sendResponseHeaders(302, -1);
    exchange.close();
  }

  private void answerFile(HttpExchange exchange) throws IOException {
    record("files", exchange);
    behaviour.answer(exchange, contents.get(WEIGHTS), served.incrementAndGet());
  }

  private void record(String server, HttpExchange exchange) {
    Map<String, String> headers = new TreeMap<>();
    for (String name : List.of("Authorization", "Range")) {
      String value = exchange.getRequestHeaders().getFirst(name);
      if (value != null) {
        headers.put(name, value);
      }
    }
    requests.add("%s %s %s".formatted(server, exchange.getRequestURI(), headers));
  }

  /** Returns the byte that a request begins with. */
  static int from(HttpExchange exchange) {
    String range = exchange.getRequestHeaders().getFirst("Range");
    return range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
  }

  /**
   * Sends a part of a content. It states all of the content from a byte on, and breaks off before
   * an end.
   */
  static void send(HttpExchange exchange, byte[] content, int from, int end) throws IOException {
    if (from > 0) {
      exchange
          .getResponseHeaders()
          .add(
              "Content-Range",
              "bytes %s-%s/%s".formatted(from, content.length - 1, content.length));
    }
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
    try {
      exchange.getResponseBody().write(content, from, Math.max(0, end - from));
      exchange.getResponseBody().flush();
    } finally {
      exchange.close();
    }
  }

  @Override
  public void close() {
    hub.stop(0);
    files.stop(0);
    threads.shutdownNow();
  }
}
