package dev.polylm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DraftCostsTest {
  private static final Path GUIDE = Path.of("../docs/performance.md");
  private static final Pattern COSTS =
      Pattern.compile(
          "further id that adds ([0-9.]+) of a step,\\s+and a guess that takes ([0-9.]+)");

  /** Against steps that are played out, a coin for each guess. */
  @ParameterizedTest
  @CsvSource({"0.8, 4", "0.5, 2", "0.95, 15", "0, 3", "1, 7"})
  void countsTheIdsOfAStep(double acceptance, int length) {
    Random random = new Random(3);
    int steps = 200_000;
    long ids = 0;
    for (int i = 0; i < steps; i++) {
      int right = 0;
      while (right < length && random.nextDouble() < acceptance) {
        right++;
      }
      ids += right + 1;
    }
    assertThat(DraftCosts.idsPerStep(acceptance, length))
        .isCloseTo((double) ids / steps, within(0.05));
  }

  @Test
  void choosesTheFastestLengthAndNoneIfNonePays() {
    assertThat(new DraftCosts(1, 0.3, 0.1).best(0.4, 15)).isZero();
    assertThat(new DraftCosts(1, 0.3, 0.1).breakEven(1)).isCloseTo(0.4, within(1e-9));
    assertThat(new DraftCosts(1, 0, 0.1).best(0.8, 15)).isEqualTo(6);
    assertThat(new DraftCosts(1, 0, 0).best(0.9, 15)).isEqualTo(15);
    assertThat(new DraftCosts(1, 1, 0.1).breakEven(3)).isEqualTo(1);
  }

  /** The guide's table is what the engine computes. */
  @Test
  void theGuidesTableIsTheModelOfCosts() throws IOException {
    String guide = Files.readString(GUIDE);
    Matcher costs = COSTS.matcher(guide);
    assertThat(costs.find()).isTrue();
    DraftCosts times =
        new DraftCosts(1, Double.parseDouble(costs.group(1)), Double.parseDouble(costs.group(2)));
    List<String[]> rows =
        guide
            .lines()
            .dropWhile(line -> !line.startsWith("| guesses right"))
            .takeWhile(line -> line.startsWith("|"))
            .map(line -> line.substring(2, line.length() - 2).split(" \\| ", -1))
            .toList();
    int[] lengths =
        Arrays.stream(rows.get(0))
            .skip(1)
            .mapToInt(title -> Integer.parseInt(title.split(" ", -1)[0]))
            .toArray();
    assertThat(rows).hasSize(9);
    for (String[] row : rows.subList(2, rows.size())) {
      for (int i = 0; i < lengths.length; i++) {
        String expected =
            row[0].equals("break-even")
                ? "%.0f%%".formatted(100 * times.breakEven(lengths[i]))
                : "%.2f".formatted(times.speedup(percent(row[0]), lengths[i]));
        assertThat(row[i + 1]).as("%s, %d guesses", row[0], lengths[i]).isEqualTo(expected);
      }
    }
  }

  private static double percent(String text) {
    return Integer.parseInt(text.replace("%", "")) / 100.0;
  }
}
