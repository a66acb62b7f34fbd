package dev.polylm.jakartachat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** WildFly under load, for seconds here, for minutes in the report. */
final class LoadIT {
  @Test
  void losesAndMixesNoAnswerAndRefusesOnlyWhatIsTooMuch() throws Exception {
    try (WildFly server =
        new WildFly(
            Map.of(
                "polylm.max-rows",
                "8",
                "polylm.server.max-requests",
                String.valueOf(Load.CLIENTS)))) {
      Api api = new Api(server.root());
      api.awaitModels();
      Load load = new Load(api, server.java());
      load.run(Duration.ofSeconds(Long.getLong("load.seconds")));
      assertThat(load.wrong()).isEmpty();
      assertThat(load.right()).isPositive();
      assertThat(load.refused()).isPositive();
    }
  }
}
