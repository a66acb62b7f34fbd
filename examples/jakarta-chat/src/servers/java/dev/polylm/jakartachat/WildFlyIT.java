package dev.polylm.jakartachat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

/** The WAR on WildFly. */
final class WildFlyIT extends WarContract {
  private WildFly wildFly;

  @Override
  WarServer start(Map<String, String> config) {
    wildFly = new WildFly(config);
    return wildFly;
  }

  @Override
  void assertReady() {
    assertThat(new Api(wildFly.health()).get("ready").body())
        .contains("\"name\":\"polylm-readiness\",\"status\":\"UP\",\"data\":{\"model\":\"open\"}");
  }
}
