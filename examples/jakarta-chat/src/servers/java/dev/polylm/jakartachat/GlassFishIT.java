package dev.polylm.jakartachat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

/** The WAR on embedded GlassFish, which knows nothing of MicroProfile. */
final class GlassFishIT extends WarContract {
  private WarServer glassFish;

  @Override
  WarServer start(Map<String, String> config) {
    glassFish = new GlassFish(config);
    return glassFish;
  }

  @Override
  void assertReady() {
    assertThat(new Api(glassFish.root().resolve("/")).get("health").statusCode()).isEqualTo(404);
  }
}
