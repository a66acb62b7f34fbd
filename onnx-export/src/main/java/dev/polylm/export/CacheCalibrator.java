package dev.polylm.export;

import dev.polylm.PolyLmException;
import dev.polylm.export.calibration.CalibrationTexts;
import dev.polylm.export.calibration.KeyValueCalibration;
import dev.polylm.export.parallel.Workers;
import dev.polylm.export.quantize.KeyValueScales;
import dev.polylm.export.reference.PlacedIds;
import dev.polylm.model.GraphKind;
import dev.polylm.model.TokenizerFacts;
import dev.polylm.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides how many tokens the model reads to find the scales of its cache. It has no scales until
 * it has begun.
 */
final class CacheCalibrator implements KeyValueScales {
  /** The product of weights and tokens to aim at. */
  private static final long WORK = 2_500_000_000_000L;

  /** As many tokens as it takes for the texts to cover all languages. */
  private static final int MIN_TOKENS = 512;

  private static final int MAX_TOKENS = 2048;

  private final ExportOptions options;
  private final ExportSource source;
  private final Workers workers;
  private @Nullable KeyValueScales scales;
  private int tokens;

  CacheCalibrator(ExportOptions options, ExportSource source, Workers workers) {
    this.options = options;
    this.source = source;
    this.workers = workers;
  }

  /** Returns how many tokens the model read; 0 for a cache of floats. */
  int tokens() {
    return tokens;
  }

  /**
   * Refuses options that contradict each other.
   *
   * @throws PolyLmException if a cache of integers is requested but impossible
   */
  static void check(ExportOptions options) {
    if (options.kvCache() == CacheType.INT8) {
      require(
          options.graph() == GraphKind.FUSED,
          "in a portable graph, expected fp32: the standard's operators have no such cache");
      require(
          options.tokenizer(),
          "for a model without a tokenizer, expected fp32: its scales are found by reading texts");
      require(
          options.weights() != WeightType.FP16,
          "with weights of fp16, expected only one of them: ONNX Runtime's attention supports such a"
              + " cache only with 32-bit floats");
    }
  }

  private static void require(boolean possible, String why) {
    if (!possible) {
      throw new PolyLmException("the key/value cache is int8 " + why);
    }
  }

  /**
   * Begins if the cache holds integers.
   *
   * @param tokenizerJson the exported tokenizer
   * @param facts about the tokenizer, null if there is none
   * @throws PolyLmException if every text has ids that the model lacks
   */
  void begin(Path tokenizerJson, @Nullable TokenizerFacts facts) {
    if (options.kvCache() == CacheType.INT8 && facts != null) {
      List<PlacedIds> contexts = contexts(tokenizerJson, facts);
      if (contexts.isEmpty()) {
        throw new PolyLmException(
            "the key/value cache is int8, but none of the texts for its scales has only ids below"
                + " vocab_size of config.json, which is "
                + source.config().vocabSize());
      }
      tokens = contexts.stream().mapToInt(context -> context.inputIds().length).sum();
      scales = new KeyValueCalibration(source.reference(workers), contexts);
    }
  }

  private List<PlacedIds> contexts(Path tokenizerJson, TokenizerFacts facts) {
    long affordable = WORK / source.config().layerWeights();
    try (Tokenizer tokenizer = Tokenizer.open(tokenizerJson, facts)) {
      return CalibrationTexts.contexts(
          text -> tokenizer.encodePrompt(text, true),
          source.config().vocabSize(),
          source.config().nPositions(),
          (int) Math.min(Math.max(affordable, MIN_TOKENS), MAX_TOKENS));
    }
  }

  @Override
  public float[] ofKeys(int layer) {
    return begun().ofKeys(layer);
  }

  @Override
  public float[] ofValues(int layer) {
    return begun().ofValues(layer);
  }

  private KeyValueScales begun() {
    if (scales == null) {
      throw new IllegalStateException("the calibration has not begun");
    }
    return scales;
  }
}
