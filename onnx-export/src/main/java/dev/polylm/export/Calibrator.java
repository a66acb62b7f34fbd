package dev.polylm.export;

import dev.polylm.PolyLmException;
import dev.polylm.export.calibration.Calibration;
import dev.polylm.export.calibration.CalibrationTexts;
import dev.polylm.export.graph.RowsOfMatrix;
import dev.polylm.export.parallel.Workers;
import dev.polylm.export.quantize.Hessian;
import dev.polylm.export.weights.LayerWeights;
import dev.polylm.export.weights.ModelWeights;
import dev.polylm.model.TokenizerFacts;
import dev.polylm.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a model is calibrated, and with how many tokens. It has no Hessians until it has
 * begun.
 */
final class Calibrator implements Hessian.Source {
  /**
   * With up to this many weights in the layers, a calibration takes a few minutes at most on two
   * cores.
   */
  private static final long AUTO_WEIGHTS = 2_000_000_000;

  /** The product of weights and tokens to aim at. */
  private static final long WORK = 2_500_000_000_000L;

  /** Fewer tokens would give Hessians of a small rank. */
  private static final int MIN_TOKENS = 2048;

  private static final int MAX_TOKENS = 6144;

  private final ExportOptions options;
  private final ExportSource source;
  private final Workers workers;
  private final ExportListener listener;
  private Hessian.Source hessians = Hessian.Source.NONE;
  private int tokens;

  Calibrator(ExportOptions options, ExportSource source, Workers workers, ExportListener listener) {
    this.options = options;
    this.source = source;
    this.workers = workers;
    this.listener = listener;
  }

  /** Returns how many tokens the model read; 0 without a calibration. */
  int tokens() {
    return tokens;
  }

  /**
   * Refuses options that contradict each other.
   *
   * @throws PolyLmException if a calibration is asked for and can't be done
   */
  static void check(ExportOptions options) {
    if (options.calibration() == CalibrationMode.ON
        && (options.weights() != WeightType.INT4 || !options.tokenizer())) {
      throw new PolyLmException(
          "calibration is on for weights %s and %s, expected int4 and a tokenizer"
              .formatted(
                  options.weights().label(), options.tokenizer() ? "a tokenizer" : "no tokenizer"));
    }
  }

  @Override
  public @Nullable Hessian of(String weight) {
    return hessians.of(weight);
  }

  /**
   * Begins if the model is to be calibrated.
   *
   * @param tokenizerJson the exported tokenizer
   * @param facts about the tokenizer, null if there is none
   */
  void begin(ModelWeights weights, Path tokenizerJson, @Nullable TokenizerFacts facts) {
    long size = source.config().layerWeights();
    boolean wanted =
        switch (options.calibration()) {
          case ON -> true;
          case AUTO -> size <= AUTO_WEIGHTS && !options.allowNonFinite();
          case OFF -> false;
        };
    if (wanted && facts != null && options.weights() == WeightType.INT4) {
      int limit = (int) Math.min(Math.max(WORK / size, MIN_TOKENS), MAX_TOKENS);
      List<int[]> sequences = sequences(tokenizerJson, facts, limit);
      tokens = sequences.stream().mapToInt(sequence -> sequence.length).sum();
      hessians = sequences.isEmpty() ? Hessian.Source.NONE : calibration(weights, sequences);
    }
  }

  private Calibration calibration(ModelWeights weights, List<int[]> sequences) {
    LayerWeights first = weights.layers().get(0);
    float[] norm = new float[source.config().nEmbd()];
    first.attentionNorm().weight().asRow().read(0, 1, 0, norm.length, norm);
    boolean tied = weights.head() == weights.tokenEmbedding();
    return new Calibration(
        source.reference(workers),
        tied ? new Calibration.FirstAttention(new RowsOfMatrix(first.qkv().weight()), norm) : null,
        sequences,
        workers,
        layer -> listener.calibrating(layer, source.config().nLayer()));
  }

  private List<int[]> sequences(Path tokenizerJson, TokenizerFacts facts, int limit) {
    try (Tokenizer tokenizer = Tokenizer.open(tokenizerJson, facts)) {
      return CalibrationTexts.sequences(
          text -> tokenizer.encodePrompt(text, true),
          source.config().vocabSize(),
          source.config().nPositions(),
          limit);
    }
  }
}
