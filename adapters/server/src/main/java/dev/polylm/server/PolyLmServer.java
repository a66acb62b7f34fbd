package dev.polylm.server;

import dev.polylm.PolyLmException;
import dev.polylm.jakarta.config.PolyLmSettings;
import dev.polylm.jakarta.config.ServerSettings;
import dev.polylm.jakarta.model.Models;
import dev.polylm.jakarta.model.ServedModel;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.undertow.server.handlers.GracefulShutdownHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigProviderResolver;
import org.jboss.weld.environment.se.Weld;
import org.jboss.weld.environment.se.WeldContainer;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Xnio;
import org.xnio.XnioWorker;

/**
 * A server of polylm-jakarta's API and chat page in this process. A class loader can have one at a
 * time.
 *
 * <pre>{@code
 * Map<String, String> config = Map.of("polylm.model.path", "polylm-1.7b-onnx");
 * try (PolyLmServer server = PolyLmServer.start("127.0.0.1", 8080, config)) {
 *   server.awaitModels();
 *   System.out.println(server.uri());
 * }
 * }</pre>
 */
public final class PolyLmServer implements AutoCloseable {
  /** Each reads one request's body, which may come slowly. */
  private static final int THREADS = 128;

  private static final int ENVIRONMENT_ORDINAL = 300;
  private static final int GIVEN_ORDINAL = 400;

  private final Config config;
  private final WeldContainer container;
  private final XnioWorker worker;
  private final GracefulShutdownHandler exchanges;
  private final Listener listener;
  private final URI uri;
  private boolean accepting = true; // guarded by this
  private boolean closed; // guarded by this

  private PolyLmServer(
      Config config,
      WeldContainer container,
      XnioWorker worker,
      GracefulShutdownHandler exchanges,
      Listener listener,
      URI uri) {
    this.config = config;
    this.container = container;
    this.worker = worker;
    this.exchanges = exchanges;
    this.listener = listener;
    this.uri = uri;
  }

  /**
   * Starts a server. It answers at once; the models are opened meanwhile.
   *
   * @param host the name or address to listen on
   * @param port the port, 0 for any free one
   * @param values the keys under {@code polylm.}, as polylm-jakarta's README lists them;
   *     environment variables may set others
   * @throws WrongSettingsException if a key is wrong, no address is known for the host, or other
   *     machines could call a server without keys
   * @throws PolyLmException if the server can't listen on the address
   */
  public static PolyLmServer start(String host, int port, Map<String, String> values) {
    Config config =
        new SmallRyeConfigBuilder()
            .withSources(
                new PropertiesConfigSource(values, "given", GIVEN_ORDINAL),
                new EnvConfigSource(System.getenv(), ENVIRONMENT_ORDINAL))
            .build();
    ServerSettings settings;
    try {
      settings = PolyLmSettings.read(config).server();
      checkAddress(host, settings);
    } catch (PolyLmException e) {
      throw new WrongSettingsException(e);
    }
    ConfigProviderResolver resolver = ConfigProviderResolver.instance();
    resolver.registerConfig(config, Thread.currentThread().getContextClassLoader());
    try {
      return started(config, settings, host, port);
    } catch (RuntimeException | Error e) {
      resolver.releaseConfig(config);
      throw e;
    }
  }

  private static void checkAddress(String host, ServerSettings settings) {
    try {
      boolean thisMachine = InetAddress.getByName(host).isLoopbackAddress();
      if (!thisMachine && settings.apiKeys().isEmpty()) {
        throw new PolyLmException(
            ("other machines can reach %s, so the server needs keys (polylm.server.api-keys);"
                    + " without keys it listens on this machine's own address only, such as"
                    + " 127.0.0.1")
                .formatted(host));
      }
    } catch (UnknownHostException e) {
      throw new PolyLmException("no address is known for the host %s".formatted(host), e);
    }
  }

  private static PolyLmServer started(
      Config config, ServerSettings settings, String host, int port) {
    int headMillis = (int) Math.min(settings.bodyTime().toMillis(), Integer.MAX_VALUE);
    WeldContainer container = new Weld("polylm").skipShutdownHook().initialize();
    XnioWorker worker = null;
    try {
      worker = worker();
      GracefulShutdownHandler exchanges =
          new GracefulShutdownHandler(Deployment.handler(container));
      Listener listener =
          Listener.open(worker, new InetSocketAddress(host, port), exchanges, headMillis);
      return new PolyLmServer(config, container, worker, exchanges, listener, uri(listener, host));
    } catch (RuntimeException | IOException e) {
      container.close();
      if (worker != null) {
        worker.shutdownNow();
      }
      throw new PolyLmException(
          "the server can't listen on %s, port %s: %s".formatted(host, port, cause(e)), e);
    }
  }

  private static String cause(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }

  private static XnioWorker worker() {
    OptionMap options =
        OptionMap.builder()
            .set(Options.WORKER_IO_THREADS, 2)
            .set(Options.WORKER_TASK_CORE_THREADS, THREADS)
            .set(Options.WORKER_TASK_MAX_THREADS, THREADS)
            .set(Options.TCP_NODELAY, true)
            .set(Options.THREAD_DAEMON, true)
            .getMap();
    try {
      return Xnio.getInstance().createWorker(options);
    } catch (IOException e) {
      throw new PolyLmException("the server's threads can't be started: " + e.getMessage(), e);
    }
  }

  private static URI uri(Listener listener, String host) {
    String name = host.contains(":") ? "[" + host + "]" : host;
    return URI.create("http://%s:%s/".formatted(name, listener.address().getPort()));
  }

  /** Returns the server's address, with a slash at the end. */
  public URI uri() {
    return uri;
  }

  /**
   * Waits until all models are open.
   *
   * @return their names for clients, the default model first
   * @throws PolyLmException if one can't be opened
   */
  public List<String> awaitModels() {
    List<ServedModel> models = container.select(Models.class).get().all();
    models.forEach(ServedModel::await);
    return models.stream().map(ServedModel::id).toList();
  }

  /**
   * Waits until all models are open, and returns what a user should know of their devices: a
   * sentence for each matter, such as that a model runs on the CPU though a GPU would have been
   * taken.
   *
   * @throws PolyLmException if a model can't be opened
   */
  public List<String> warnings() {
    return container.select(Models.class).get().all().stream()
        .filter(model -> model.base().isEmpty()) // an adapter runs where its model does
        .flatMap(
            model ->
                model.await().placement().warnings().stream()
                    .map(warning -> model.id() + " " + warning))
        .toList();
  }

  /** Returns what the server was configured with. */
  public PolyLmSettings settings() {
    return container.select(PolyLmSettings.class).get();
  }

  /**
   * Accepts no more connections, answers no more requests, and waits for the answers that are being
   * made.
   *
   * @param patience how long to wait at most
   * @return whether all answers have ended
   */
  public boolean drain(Duration patience) {
    stopAccepting();
    exchanges.shutdown();
    try {
      return exchanges.awaitShutdown(patience.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private synchronized void stopAccepting() {
    if (accepting) {
      accepting = false;
      listener.stop();
    }
  }

  /** Ends all answers and frees the models. Closing it again has no effect. */
  @Override
  public void close() {
    stopAccepting();
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    container.close();
    worker.shutdownNow();
    ConfigProviderResolver.instance().releaseConfig(config);
  }
}
