package dev.polylm.jakarta.server;

import dev.resteasy.embedded.server.UndertowBuilderConfigurator;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.SeBootstrap;
import jakarta.ws.rs.core.Application;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Weld and RESTEasy on Undertow. */
public final class ResteasyServer implements TestServer {
  private final TestConfig config;
  private final SeBootstrap.Instance instance;

  public ResteasyServer(Map<String, String> values) {
    config = new TestConfig(values);
    instance =
        wait(
            SeBootstrap.start(
                    new TestApplication(),
                    SeBootstrap.Configuration.builder()
                        .host("127.0.0.1")
                        .port(SeBootstrap.Configuration.FREE_PORT)
                        .build())
                .toCompletableFuture());
  }

  /** Names the classes, as there is no server that looks for them. */
  @ApplicationPath("/")
  public static final class TestApplication extends Application {
    @Override
    public Set<Class<?>> getClasses() {
      return ApiClasses.ALL;
    }
  }

  /** Else Undertow waits 10 seconds for the connections that clients keep. */
  public static final class EndingAtOnce implements UndertowBuilderConfigurator {
    @Override
    public void configure(Undertow.Builder builder) {
      builder.setServerOption(UndertowOptions.SHUTDOWN_TIMEOUT, 1);
    }
  }

  private static <T> T wait(CompletableFuture<T> future) {
    try {
      return future.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public URI uri() {
    return URI.create("http://127.0.0.1:%d/".formatted(instance.configuration().port()));
  }

  @Override
  public void close() {
    wait(instance.stop().toCompletableFuture());
    config.close();
  }
}
