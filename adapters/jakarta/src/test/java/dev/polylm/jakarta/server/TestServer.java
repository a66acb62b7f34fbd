package dev.polylm.jakarta.server;

import java.net.URI;
import java.util.Map;

/** An application in a server in this process. */
public interface TestServer extends AutoCloseable {
  /** Where it is served, with a slash at the end. */
  URI uri();

  @Override
  void close();

  /** Starts an application with a configuration. */
  interface Starter {
    TestServer start(Map<String, String> config);
  }
}
