package dev.polylm.jakarta.server;

import jakarta.enterprise.inject.se.SeContainer;
import jakarta.enterprise.inject.se.SeContainerInitializer;
import jakarta.servlet.ServletRegistration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.glassfish.grizzly.http.server.HttpServer;
import org.glassfish.grizzly.http.server.NetworkListener;
import org.glassfish.grizzly.servlet.WebappContext;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.servlet.ServletContainer;

/** Weld and Jersey on Grizzly. */
public final class JerseyServer implements TestServer {
  private final TestConfig config;
  private final SeContainer container;
  private final HttpServer server = new HttpServer();
  private final NetworkListener listener = new NetworkListener("test", "127.0.0.1", 0);

  public JerseyServer(Map<String, String> values) {
    config = new TestConfig(values);
    container = SeContainerInitializer.newInstance().initialize();
    ResourceConfig application = new ResourceConfig(ApiClasses.ALL);
    WebappContext context = new WebappContext("test", "");
    ServletRegistration.Dynamic servlet =
        context.addServlet("rest", new ServletContainer(application));
    servlet.addMapping("/*");
    servlet.setAsyncSupported(true);
    servlet.setLoadOnStartup(1);
    server.addListener(listener);
    // Grizzly notices no interrupt while it waits for a body, only the end of this time.
    listener.getTransport().setReadTimeout(2, TimeUnit.SECONDS);
    context.deploy(server);
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public URI uri() {
    return URI.create("http://127.0.0.1:%d/".formatted(listener.getPort()));
  }

  @Override
  public void close() {
    server.shutdownNow();
    container.close();
    config.close();
  }
}
