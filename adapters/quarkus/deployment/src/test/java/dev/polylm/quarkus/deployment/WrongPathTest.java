package dev.polylm.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.quarkus.test.QuarkusUnitTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A start that fails says which key is wrong. */
final class WrongPathTest {
  @RegisterExtension
  static final QuarkusUnitTest APPLICATION =
      new QuarkusUnitTest()
          .withEmptyApplication()
          .overrideConfigKey("quarkus.polylm.model.path", "/nowhere")
          .assertException(
              failure ->
                  assertThat(failure)
                      .hasStackTraceContaining(
                          "the model of quarkus.polylm.model.path can't be opened: /nowhere"));

  @Test
  void doesNotStart() {
    fail("it has started");
  }
}
