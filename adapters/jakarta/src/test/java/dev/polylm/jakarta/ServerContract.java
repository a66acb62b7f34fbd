package dev.polylm.jakarta;

import dev.polylm.jakarta.server.Client;
import dev.polylm.jakarta.server.TestServer;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Tests of a server that runs for all of them, whatever implements Jakarta REST. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class ServerContract {
  private TestServer server;
  private Client client;

  abstract TestServer start(Map<String, String> config);

  Map<String, String> config() {
    return Map.of();
  }

  @BeforeAll
  void startServer() {
    server = start(config());
    client = new Client(server.uri());
    awaitModel(client);
  }

  /** Waits until the model is open, or can't be opened. */
  void awaitModel(Client client) {
    while (client.get("v1/models").body().contains("is still opening")) {
      Thread.onSpinWait();
    }
  }

  @AfterAll
  void stopServer() {
    server.close();
  }

  TestServer server() {
    return server;
  }

  Client client() {
    return client;
  }
}
