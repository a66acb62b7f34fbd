package dev.polylm.export.verify;

import dev.polylm.PolyLmException;
import dev.polylm.export.Verification;
import dev.polylm.export.checkpoint.ModelConfig;
import dev.polylm.export.reference.ActivationObserver;
import dev.polylm.export.reference.LayerwisePass;
import dev.polylm.export.reference.ReferenceModel;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** Compares an exported graph with the checkpoint it was made of. */
public final class Verifier {
  /** Ids that are read one by one, as decoding does, after the rest was read at once. */
  private static final int STEPS = 2;

  private static final long SLICE_BYTES = 256L << 20;

  private final ModelConfig config;
  private final ReferenceModel reference;
  private final List<int[]> sequences;

  /** Hears how far a verification is. */
  @FunctionalInterface
  public interface Progress {
    void done(int steps, int ofSteps);
  }

  /**
   * Makes a verifier.
   *
   * @param reference the checkpoint's model
   */
  public Verifier(ModelConfig config, ReferenceModel reference) {
    this.config = config;
    this.reference = reference;
    this.sequences = TokenSequences.of(config);
  }

  /**
   * Runs both on the same ids.
   *
   * @param folder holds the graph's two files
   * @param weights the type of the graph's weights, for the message
   * @param threads that ONNX Runtime computes with
   * @throws PolyLmException where they differ by more than the limits, the graph can't be run, or
   *     the checkpoint can't be read
   */
  public Verification verify(
      Path folder, String weights, Limits limits, int threads, Progress progress) {
    LogitsComparison comparison = new LogitsComparison();
    try (SlicedRun run =
        new SlicedRun(folder, SLICE_BYTES, threads, new GraphInputs(config, sequences))) {
      int layers = config.nLayer();
      int steps = layers + run.slices();
      float[][] expected = expected(layer -> progress.done(layer, steps));
      List<Integer> ends = ends(sequences.get(0).length);
      compare(
          expected, run.logits(ends, slice -> progress.done(layers + slice, steps)), comparison);
    }
    Verification figures = comparison.figures(sequences.size());
    limits.check(figures, weights);
    return figures;
  }

  /**
   * Compares all positions' logits.
   *
   * @param expected [sequences * length][vocabSize]
   * @param found of each run, [sequences * positions * vocabSize]
   */
  private void compare(float[][] expected, List<FloatBuffer> found, LogitsComparison comparison) {
    int length = sequences.get(0).length;
    List<Integer> ends = ends(length);
    float[] row = new float[config.vocabSize()];
    int from = 0;
    for (int i = 0; i < found.size(); i++) {
      for (int sequence = 0; sequence < sequences.size(); sequence++) {
        for (int position = from; position < ends.get(i); position++) {
          found.get(i).get(row);
          comparison.add(expected[sequence * length + position], row);
        }
      }
      from = ends.get(i);
    }
  }

  /** [sequences * length][vocabSize] */
  private float[][] expected(IntConsumer progress) {
    LayerwisePass pass = reference.begin(sequences, ActivationObserver.NONE);
    while (pass.layer() < config.nLayer()) {
      pass.advance();
      progress.accept(pass.layer());
    }
    return reference.logits(pass.finish());
  }

  /** Most positions in one run, the last ones in runs of their own. */
  private static List<Integer> ends(int length) {
    List<Integer> ends = new ArrayList<>();
    for (int end = Math.max(1, length - STEPS); end <= length; end++) {
      ends.add(end);
    }
    return ends;
  }
}
