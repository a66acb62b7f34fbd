package dev.polylm.internal.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PathHintTest {
  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "~/models|only a shell replaces ~ by the home folder",
        "file:/models/a|leave out file:, a URL is no path",
        "classpath:models/a|the model on the class path is used where no path is given",
        "$HOME/models|the path has a variable that nothing replaced",
        "\"/models/a\"|leave out the quotation marks",
        "/models/a |the path begins or ends with a space"
      })
  void aFormThatIsNoPathIsNamed(String text, String hint) {
    assertThat(PathHint.of(Path.of(text))).endsWith("; " + hint);
  }

  @Test
  void aRelativePathIsSaidInFull() {
    assertThat(PathHint.of(Path.of("models/a")))
        .isEqualTo(
            "; a relative path is one in the working folder, here %s",
            Path.of("").toAbsolutePath().resolve("models/a"));
    assertThat(PathHint.of(Path.of(""))).endsWith("; the path is empty");
  }

  @Test
  void anAbsolutePathNeedsNone() {
    assertThat(PathHint.of(Path.of("models/a").toAbsolutePath())).isEmpty();
  }
}
