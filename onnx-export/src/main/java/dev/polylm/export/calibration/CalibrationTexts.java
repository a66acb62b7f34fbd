package dev.polylm.export.calibration;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** The texts that are shipped for calibration. */
public final class CalibrationTexts {
  private static final String RESOURCE = "texts.txt";
  private static final String SEPARATOR = "\n\n";

  private CalibrationTexts() {}

  /**
   * The ids of the texts, as many as the limit allows.
   *
   * @param encoder a text's ids
   * @param vocabSize texts that have other ids are left out
   * @param maxLength of a sequence; longer ones are cut
   * @param maxTokens of all sequences together
   */
  public static List<int[]> sequences(
      Function<String, int[]> encoder, int vocabSize, int maxLength, int maxTokens) {
    List<int[]> sequences = new ArrayList<>();
    int tokens = 0;
    for (String text : all()) {
      int[] ids = encoder.apply(text);
      int[] sequence = Arrays.copyOf(ids, Math.min(ids.length, maxLength));
      boolean known = Arrays.stream(sequence).allMatch(id -> id < vocabSize);
      if (known && sequence.length > 0 && tokens + sequence.length <= maxTokens) {
        sequences.add(sequence);
        tokens += sequence.length;
      }
    }
    return sequences;
  }

  private static List<String> all() {
    try (InputStream in = CalibrationTexts.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing beside the exporter's classes");
      }
      String texts = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return List.of(texts.stripTrailing().split(SEPARATOR, -1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
