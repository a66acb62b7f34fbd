package dev.polylm.export.judgement;

import dev.polylm.export.checkpoint.ModelConfig;
import dev.polylm.export.reference.ReferenceModel;
import java.util.Arrays;

/**
 * The order of c_attn's outputs in which a model reads texts better.
 *
 * <p>Both orders go through the model in one pass, so that its weights are read once. It is the
 * plain Java pass, since nothing else can compute a checkpoint before it is exported. A larger
 * model reads fewer tokens. That suffices, since a trained model can't read the texts at all in the
 * wrong order.
 *
 * @param interleaved whether heads are interleaved
 * @param clear whether the difference is large enough; if not, the order is GPT-2's
 * @param concatenatedPerplexity with Q, K and V one after the other
 * @param interleavedPerplexity with Q, K and V of each head
 * @param tokens how many were predicted in each order
 */
public record QkvChoice(
    boolean interleaved,
    boolean clear,
    double concatenatedPerplexity,
    double interleavedPerplexity,
    int tokens) {
  /** The product of weights and tokens to aim at, for both orders together. */
  private static final long WORK = 1_000_000_000_000L;

  private static final int MIN_TOKENS = 32;
  private static final int MAX_TOKENS = 256;
  private static final long MAX_LOGITS_BYTES = 128L << 20;

  /** How many standard errors the mean difference must be away from zero. */
  private static final double CLEAR_ERRORS = 3;

  /**
   * How many nats a token the difference must have at least; this makes a perplexity half as large
   * again.
   */
  private static final double CLEAR_NATS = Math.log(1.5);

  /**
   * Reads the beginning of a sample.
   *
   * @param sample with at least one sequence
   */
  public static QkvChoice of(ReferenceModel model, ModelConfig config, TextSample sample) {
    int[] whole = sample.sequences().get(0);
    int[] ids = Arrays.copyOf(whole, Math.min(whole.length, tokens(config)));
    float[][] logits = model.logitsOfBothOrders(ids);
    int count = ids.length - 1;
    double[] concatenated = new double[count];
    double[] interleaved = new double[count];
    for (int i = 0; i < count; i++) {
      concatenated[i] = TextLoss.loss(logits[i], ids[i + 1]);
      interleaved[i] = TextLoss.loss(logits[ids.length + i], ids[i + 1]);
    }
    return of(concatenated, interleaved);
  }

  /**
   * Compares losses, token by token.
   *
   * @param concatenated in nats
   * @param interleaved as many
   */
  static QkvChoice of(double[] concatenated, double[] interleaved) {
    int count = concatenated.length;
    double mean = 0;
    for (int i = 0; i < count; i++) {
      mean += (concatenated[i] - interleaved[i]) / count;
    }
    double variance = 0;
    for (int i = 0; i < count; i++) {
      double away = concatenated[i] - interleaved[i] - mean;
      variance += away * away / Math.max(1, count - 1);
    }
    double error = Math.sqrt(variance / count);
    boolean clear = Math.abs(mean) > Math.max(CLEAR_NATS, CLEAR_ERRORS * error);
    return new QkvChoice(
        clear && mean > 0, clear, perplexity(concatenated), perplexity(interleaved), count);
  }

  private static double perplexity(double[] losses) {
    return TextLoss.rounded(Math.exp(Arrays.stream(losses).average().orElse(0)));
  }

  private static int tokens(ModelConfig config) {
    long weights = config.layerWeights() + (long) config.nEmbd() * config.vocabSize();
    long affordable = Math.max(MIN_TOKENS, Math.min(MAX_TOKENS, WORK / weights / 2));
    return (int) Math.min(affordable, MAX_LOGITS_BYTES / Float.BYTES / 2 / config.vocabSize() + 2);
  }
}
