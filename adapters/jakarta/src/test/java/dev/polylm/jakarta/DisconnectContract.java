package dev.polylm.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationHandle;
import dev.polylm.jakarta.rest.Traffic;
import dev.polylm.jakarta.server.RawClient;
import dev.polylm.jakarta.server.StandingRequest;
import jakarta.enterprise.inject.spi.CDI;
import org.junit.jupiter.api.Test;

/** A client that goes away frees what it used. */
abstract class DisconnectContract extends ServerContract {

  @Test
  void aClientThatGoesAwayEndsItsGeneration() {
    Traffic traffic = CDI.current().select(Traffic.class).get();
    long gone = traffic.cancelled();
    try (RawClient client = new RawClient(server().uri())) {
      client.post(
          "v1/completions",
          "",
          "{\"prompt\": \"a\", \"max_tokens\": 500, \"suppress_tokens\": [2], \"n\": 8, \"stream\":"
              + " true}");
      client.readLineWith("\"text\"");
      assertThat(traffic.total()).isEqualTo(1);
    }
    while (traffic.total() > 0) {
      Thread.onSpinWait();
    }
    assertThat(traffic.cancelled()).isEqualTo(gone + 1);
  }

  /** Nothing is sent to it before it goes, since the engine is busy with another request. */
  @Test
  void aClientThatGoesAwayBeforeItsFirstTokenIsNoticed() {
    PolyLm polyLm = CDI.current().select(PolyLm.class).get();
    Traffic traffic = CDI.current().select(Traffic.class).get();
    long gone = traffic.cancelled();
    StandingRequest standing = new StandingRequest();
    GenerationHandle first = polyLm.start(standing.request());
    standing.awaitBegun();
    try (RawClient client = new RawClient(server().uri())) {
      client.post("v1/completions", "", "{\"prompt\": \"a\", \"stream\": true}");
      while (traffic.total() == 0) {
        Thread.onSpinWait();
      }
    }
    while (traffic.cancelled() == gone) {
      Thread.onSpinWait();
    }
    standing.goOn();
    assertThat(first.result().newTokens()).isPositive();
    while (traffic.total() > 0) {
      Thread.onSpinWait();
    }
    assertThat(traffic.cancelled()).isEqualTo(gone + 1);
  }
}
