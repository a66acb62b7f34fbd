package dev.polylm.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.quarkus.test.QuarkusUnitTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The build of a native image stops with a sentence. */
final class NativeImageTest {
  @RegisterExtension
  static final QuarkusUnitTest APPLICATION =
      new QuarkusUnitTest()
          .withEmptyApplication()
          .overrideConfigKey("quarkus.native.enabled", "true")
          .assertException(
              failure ->
                  assertThat(failure)
                      .hasStackTraceContaining("polylm-quarkus can't be part of a native image: "));

  @Test
  void isNotBuilt() {
    fail("it was built");
  }
}
