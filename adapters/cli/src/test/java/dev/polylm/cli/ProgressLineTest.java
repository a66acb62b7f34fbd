package dev.polylm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Streams terminal =
      new Streams(
          InputStream.nullInputStream(),
          OutputStream.nullOutputStream(),
          new PrintStream(err, true, StandardCharsets.UTF_8),
          new Screen(false, false, true, false),
          Map.of());

  /** What the line shows before it is cleared, which leaves nothing. */
  private String lastLine() {
    String all = err.toString(StandardCharsets.UTF_8);
    assertThat(Shown.on(100, 3, all)).isEmpty();
    return Shown.on(100, 3, all.substring(0, all.lastIndexOf('\r')));
  }

  @Test
  void tellsTensorBytesRateAndRemainingTimeOfALargeModelIn79Columns() {
    try (Progress progress = Progress.ofBytes(terminal, "", -1)) {
      progress.total(26_011_000_000L);
      progress.show(10_930_000_000L, "h.12.attn.c_attn.weight");
    }
    assertThat(lastLine())
        .matches(
            "\\[####      ] 42% 10\\.9/26\\.0 GB, \\d+ MB/s, 0:00:\\d\\d left,"
                + " h\\.12\\.attn\\.c_attn.*")
        .hasSizeLessThanOrEqualTo(79);
  }

  @Test
  void countsSmallFilesInKilobytes() {
    try (Progress progress = Progress.ofBytes(terminal, "Answering", 3000)) {
      progress.show(3000, "12 lines");
    }
    assertThat(lastLine())
        .matches(
            "Answering \\[##########] 100% 3\\.0/3\\.0 kB, \\d+ [kM]B/s, 0:00:00 left, 12 lines");
  }

  @Test
  void anUnknownLengthHasNoShareAndNoRemainingTime() {
    try (Progress progress = Progress.ofBytes(terminal, "Answering", -1)) {
      progress.show(2_500_000, "7 lines");
    }
    assertThat(lastLine()).matches("Answering \\[ {10}] 0% 2\\.5 MB, \\d+ [kM]B/s, 7 lines");
  }

  @Test
  void countsLinesByTheSecond() {
    try (Progress progress = Progress.ofItems(terminal, "Answering", "lines", -1)) {
      progress.show(12, 0.42, "");
    }
    assertThat(lastLine())
        .matches("Answering \\[#### {6}] 42% 12 lines, \\d+\\.\\d lines/s, 0:00:00 left");
  }

  @Test
  void countsStepsAsTheyAre() {
    try (Progress progress = Progress.ofItems(terminal, "Verifying", "steps", 82)) {
      progress.show(57, "");
    }
    assertThat(lastLine())
        .matches("Verifying \\[###### {4}] 69% 57/82 steps, \\d+\\.\\d steps/s, 0:00:\\d\\d left");
  }
}
