package dev.polylm.export.verify;

import dev.polylm.PolyLmException;
import dev.polylm.export.Verification;
import dev.polylm.export.checkpoint.ModelConfig;
import dev.polylm.export.judgement.TextLoss;
import dev.polylm.export.judgement.TextSample;
import dev.polylm.export.reference.ActivationObserver;
import dev.polylm.export.reference.LayerwisePass;
import dev.polylm.export.reference.ReferenceModel;
import dev.polylm.model.TextPerplexity;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Compares an exported graph with the checkpoint that it was made from. */
public final class Verifier {
  /** How many ids are read one by one, as in decoding, after the rest was read at once. */
  private static final int STEPS = 2;

  private static final long SLICE_BYTES = 256L << 20;

  private final ModelConfig config;
  private final ReferenceModel reference;
  private final List<int[]> sequences;
  private final @Nullable TextSample sample;

  /** Follows the progress of a verification. */
  @FunctionalInterface
  public interface Progress {
    void done(int steps, int ofSteps);
  }

  /**
   * The result of a verification.
   *
   * @param perplexity how the graph reads the sample, null if there is none
   */
  public record Result(Verification verification, @Nullable TextPerplexity perplexity) {}

  /**
   * Makes a verifier.
   *
   * @param reference the checkpoint's model
   * @param sample more texts that only the graph reads, null for none
   */
  public Verifier(ModelConfig config, ReferenceModel reference, @Nullable TextSample sample) {
    this.config = config;
    this.reference = reference;
    this.sample = sample == null || sample.sequences().isEmpty() ? null : sample;
    this.sequences = TokenSequences.of(config);
  }

  /**
   * Runs the checkpoint and the graph on the same ids.
   *
   * @param folder holds the graph's two files
   * @param weights the type of the graph's weights, for the message
   * @param threads how many threads ONNX Runtime uses
   * @throws PolyLmException if the logits differ by more than the limits, the graph can't be run,
   *     or the checkpoint can't be read
   */
  public Result verify(Path folder, String weights, Limits limits, int threads, Progress progress) {
    LogitsComparison comparison = new LogitsComparison();
    GraphInputs inputs = new GraphInputs(config, sequences);
    GraphInputs texts = sample == null ? null : new GraphInputs(config, sample.sequences());
    TextPerplexity perplexity;
    try (SlicedRun run = new SlicedRun(folder, SLICE_BYTES, threads, inputs, texts)) {
      int layers = config.nLayer();
      int steps = layers + run.slices();
      float[][] expected = expected(layer -> progress.done(layer, steps));
      List<Integer> ends = ends(sequences.get(0).length);
      List<FloatBuffer> found = run.logits(ends, slice -> progress.done(layers + slice, steps));
      compare(expected, found.subList(0, ends.size()), comparison);
      perplexity = sample == null ? null : perplexity(sample, found.get(ends.size()));
    }
    Verification figures = comparison.figures(sequences.size());
    limits.check(figures, weights);
    return new Result(figures, perplexity);
  }

  /** A limit for the logits of all ids of a sample, [sequences * length * vocabSize]. */
  private TextPerplexity perplexity(TextSample texts, FloatBuffer logits) {
    TextLoss loss = new TextLoss(texts);
    float[] row = new float[config.vocabSize()];
    for (int sequence = 0; sequence < texts.sequences().size(); sequence++) {
      int last = texts.sequences().get(sequence).length - 1;
      for (int position = 0; position <= last; position++) {
        logits.get(row);
        if (position < last) {
          loss.add(sequence, position, row);
        }
      }
    }
    return loss.perplexity();
  }

  /**
   * Compares the logits of all positions.
   *
   * @param expected [sequences * length][vocabSize]
   * @param found the logits of each run, [sequences * positions * vocabSize]
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

  /** Most positions are in one run. The last ones have a run each. */
  private static List<Integer> ends(int length) {
    List<Integer> ends = new ArrayList<>();
    for (int end = Math.max(1, length - STEPS); end <= length; end++) {
      ends.add(end);
    }
    return ends;
  }
}
