package dev.polylm.jakarta;

import dev.polylm.jakarta.server.Client;

/** Waits until a server's model is open. */
final class Ready {
  private Ready() {}

  static void await(Client client) {
    while (client.get("v1/models").statusCode() == 503) {
      Thread.onSpinWait();
    }
  }
}
