package dev.polylm.export.verify;

import dev.polylm.PolyLmException;
import dev.polylm.export.checkpoint.ModelConfig;
import dev.polylm.export.reference.ActivationObserver;
import dev.polylm.export.reference.LayerwisePass;
import dev.polylm.export.reference.ReferenceModel;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
    void done(int layers, int ofLayers);
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
    float[][] expected = expected(progress); // [sequences * length][vocabSize]
    int length = sequences.get(0).length;
    List<Integer> ends = ends(length);
    LogitsComparison comparison = new LogitsComparison();
    float[] row = new float[config.vocabSize()];
    try (SlicedRun run =
        new SlicedRun(folder, SLICE_BYTES, threads, new GraphInputs(config, sequences))) {
      List<FloatBuffer> logits = run.logits(ends);
      int from = 0;
      for (int i = 0; i < logits.size(); i++) {
        for (int sequence = 0; sequence < sequences.size(); sequence++) {
          for (int position = from; position < ends.get(i); position++) {
            logits.get(i).get(row);
            comparison.add(expected[sequence * length + position], row);
          }
        }
        from = ends.get(i);
      }
    }
    Verification figures = comparison.figures(sequences.size());
    limits.check(figures, weights);
    return figures;
  }

  private float[][] expected(Progress progress) {
    LayerwisePass pass = reference.begin(sequences, ActivationObserver.NONE);
    while (pass.layer() < config.nLayer()) {
      pass.advance();
      progress.done(pass.layer(), config.nLayer());
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
