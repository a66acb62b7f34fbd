package dev.polylm.export;

import dev.polylm.export.judgement.TextSample;
import dev.polylm.export.parallel.Workers;
import dev.polylm.export.reference.ReferenceModel;
import dev.polylm.export.verify.Limits;
import dev.polylm.export.verify.Verifier;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Compares what an export wrote with what it read.
 *
 * <p>The limits are two to ten times the worst differences of correct exports, which came from
 * models of 32 channels with random weights. Logits that are unrelated to the checkpoint's are 1.1
 * spreads away on average.
 */
final class GraphVerification {
  /** Seen: 4e-5, 8e-7, 1 and 4e-12. */
  private static final Limits FP32 = new Limits(2e-3, 2e-4, 0.97, 1e-5);

  /** Seen: 0.05, 0.002, 0.98 and 1.2e-5. */
  private static final Limits FP16 = new Limits(0.5, 0.02, 0.85, 1e-3);

  /**
   * Seen: 0.09, 0.008, 0.99 and 0.0003, in polylm-tiny. Ids that don't form a text have larger
   * keys.
   */
  private static final Limits INT8_CACHE = new Limits(2, 0.08, 0.85, 0.01);

  /** Seen: 1.4, 0.032, 0.91 and 0.006. */
  private static final Limits INT8 = new Limits(5, 0.15, 0.7, 0.05);

  /** Seen: 3.2, 0.21, 0.65 and 0.12. */
  private static final Limits INT4 = new Limits(10, 0.5, 0.3, 0.6);

  private final ExportOptions options;
  private final Verifier verifier;

  private GraphVerification(ExportOptions options, Verifier verifier) {
    this.options = options;
    this.verifier = verifier;
  }

  /**
   * Prepares to run the model that was read, an adapter included.
   *
   * @param sample texts for the graph to read as well, or null
   */
  static GraphVerification of(
      ExportOptions options, ExportSource source, Workers workers, @Nullable TextSample sample) {
    ReferenceModel reference = source.reference(workers);
    return new GraphVerification(options, new Verifier(source.config(), reference, sample));
  }

  /**
   * Compares the graph in a folder with the model that was read.
   *
   * @throws dev.polylm.PolyLmException if the logits differ too much
   */
  Verifier.Result run(Path folder, Verifier.Progress progress) {
    boolean int8Cache = options.kvCache() == CacheType.INT8;
    boolean halves = options.weights().isBlocks() && options.activations() == ActivationType.FP16;
    String types =
        options.weights().label()
            + (halves ? " with activations of fp16" : "")
            + (int8Cache ? " with a cache of int8" : "");
    return verifier.verify(folder, types, limits(int8Cache), options.threads(), progress);
  }

  private Limits limits(boolean int8Cache) {
    return switch (options.weights()) {
      case FP32 -> int8Cache ? INT8_CACHE : FP32;
      case FP16 -> FP16;
      case INT8 -> INT8;
      case INT4 -> INT4;
    };
  }
}
