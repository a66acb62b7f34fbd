package dev.polylm.internal.saved;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class SavedFileTest {
  @Test
  void aPathAtWhichIsNothingIsSaidInFull() {
    SavedFile form = new SavedFile("test", "saved test");
    Path nothing = Path.of("saved/nothing");
    assertThatThrownBy(() -> form.read(nothing, String.class, (contents, in) -> ""))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith("saved/nothing: can't be read: ")
        .hasMessageEndingWith(
            "; a relative path is one in the working folder, here " + nothing.toAbsolutePath());
  }
}
