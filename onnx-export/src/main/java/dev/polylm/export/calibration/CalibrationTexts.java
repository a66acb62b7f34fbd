package dev.polylm.export.calibration;

import dev.polylm.export.reference.PlacedIds;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** The texts that come with the exporter for calibration. */
public final class CalibrationTexts {
  private static final String RESOURCE = "texts.txt";
  private static final String SEPARATOR = "\n\n";

  private CalibrationTexts() {}

  /**
   * Returns the ids of the texts, as many as the limit allows.
   *
   * @param encoder returns a text's ids
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

  /**
   * Returns the ids of the texts, one text after the other, in sequences whose ids are spread over
   * the whole context. A sequence has fewer ids than the context has positions; the positions
   * without ids lie between its texts.
   *
   * @param encoder returns a text's ids
   * @param vocabSize texts that have other ids are left out
   * @param nPositions of the context
   * @param maxTokens of all sequences together
   */
  public static List<PlacedIds> contexts(
      Function<String, int[]> encoder, int vocabSize, int nPositions, int maxTokens) {
    List<PlacedIds> contexts = new ArrayList<>();
    List<int[]> texts = new ArrayList<>();
    int tokens = 0;
    for (int[] text : sequences(encoder, vocabSize, nPositions, maxTokens)) {
      if (tokens + text.length > nPositions) {
        contexts.add(spread(texts, tokens, nPositions));
        texts.clear();
        tokens = 0;
      }
      texts.add(text);
      tokens += text.length;
    }
    if (!texts.isEmpty()) {
      contexts.add(spread(texts, tokens, nPositions));
    }
    return contexts;
  }

  private static PlacedIds spread(List<int[]> texts, int tokens, int nPositions) {
    int[] inputIds = new int[tokens];
    int[] positionIds = new int[tokens];
    int at = 0;
    for (int i = 0; i < texts.size(); i++) {
      int[] text = texts.get(i);
      int leftOut = (nPositions - tokens) * i / Math.max(1, texts.size() - 1);
      System.arraycopy(text, 0, inputIds, at, text.length);
      for (int end = at + text.length; at < end; at++) {
        positionIds[at] = at + leftOut;
      }
    }
    return new PlacedIds(inputIds, positionIds);
  }

  /** Returns all texts, unchanged. */
  public static List<String> all() {
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
