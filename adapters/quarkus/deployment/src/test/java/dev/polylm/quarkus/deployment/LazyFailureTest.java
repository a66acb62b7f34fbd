package dev.polylm.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLm;
import io.quarkus.test.QuarkusUnitTest;
import io.quarkus.test.common.http.TestHTTPResource;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The health of a model that is opened lazily and can't be opened. */
final class LazyFailureTest {
  @RegisterExtension
  static final QuarkusUnitTest APPLICATION =
      new QuarkusUnitTest()
          .withApplicationRoot(jar -> jar.addClass(Health.class))
          .overrideConfigKey("quarkus.http.test-port", "0")
          .overrideConfigKey("quarkus.polylm.lazy", "true")
          .overrideConfigKey("quarkus.polylm.model.path", "/nowhere");

  @Inject Instance<PolyLm> polyLm;

  @TestHTTPResource("/q/health/ready")
  URI readiness;

  @Test
  void isDownWithTheReason() throws Exception {
    assertThat(Health.of(readiness))
        .contains("{\"name\":\"polylm\",\"status\":\"UP\",\"data\":{\"model\":\"notopenyet\"}}");
    String reason = "the model of quarkus.polylm.model.path can't be opened: /nowhere";
    assertThatThrownBy(() -> polyLm.get()).hasStackTraceContaining(reason);
    assertThat(Health.of(readiness))
        .contains("{\"name\":\"polylm\",\"status\":\"DOWN\",\"data\":{\"model\":\"")
        .contains(reason.replace(" ", ""));
  }
}
