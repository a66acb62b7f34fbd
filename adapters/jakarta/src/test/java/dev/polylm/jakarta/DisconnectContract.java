package dev.polylm.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.jakarta.rest.Traffic;
import dev.polylm.jakarta.server.RawClient;
import jakarta.enterprise.inject.spi.CDI;
import org.junit.jupiter.api.Test;

/** A client that goes away frees what it used. */
abstract class DisconnectContract extends ServerContract {

  @Test
  void aClientThatGoesAwayEndsItsGeneration() {
    Traffic traffic = CDI.current().select(Traffic.class).get();
    try (RawClient client = new RawClient(server().uri())) {
      client.post(
          "v1/completions",
          "",
          "{\"prompt\": \"a\", \"max_tokens\": 500, \"suppress_tokens\": [2], \"n\": 8, \"stream\": true}");
      client.readLineWith("\"text\"");
      assertThat(traffic.total()).isEqualTo(1);
    }
    while (traffic.total() > 0) {
      Thread.onSpinWait();
    }
    assertThat(traffic.cancelled()).isEqualTo(1);
  }
}
