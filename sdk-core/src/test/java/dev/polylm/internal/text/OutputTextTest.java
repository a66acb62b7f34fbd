package dev.polylm.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.internal.text.StopStringMatcher.Release;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutputTextTest {
  @Test
  void holdsBackForMarksAndForStopStrings() {
    OutputText output = new OutputText(List.of("\nEND"), false);
    assertThat(output.accept("cafe")).isEqualTo(new Release("caf", false));
    assertThat(output.accept("\u0301\n")).isEqualTo(new Release("", false));
    assertThat(output.accept("EN")).isEqualTo(new Release("", false));
    assertThat(output.accept("Z")).isEqualTo(new Release("e\u0301\nEN", false));
    assertThat(output.finish()).isEqualTo("Z");
  }

  @Test
  void aStopStringReleasesTheLastCluster() {
    OutputText output = new OutputText(List.of("\n"), false);
    assertThat(output.accept("น้ำ")).isEqualTo(new Release("", false));
    assertThat(output.accept("ใจ\nQ")).isEqualTo(new Release("น้ำใจ", true));
    assertThat(output.finish()).isEmpty();
  }

  @Test
  void theReleasesAreTheTextUpToTheStopString() {
    String text = Texts.all();
    String expected = text.substring(0, text.indexOf("เก้า"));
    for (int seed = 0; seed < 300; seed++) {
      OutputText output = new OutputText(List.of("เก้าอี้", "never"), false);
      StringBuilder seen = new StringBuilder();
      for (String piece : Texts.pieces(text, new Random(seed))) {
        Release release = output.accept(piece);
        seen.append(release.text());
        if (release.stopped()) {
          break;
        }
      }
      assertThat(seen).hasToString(expected);
    }
  }
}
