package dev.polylm.export.verify;

import dev.polylm.export.checkpoint.ModelConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * The ids for verifying a model. They are sequences of one length, with ids from the whole
 * vocabulary, and are always the same for the same model. A larger model gets fewer ids, so that
 * its verification takes no longer than its conversion.
 */
final class TokenSequences {
  private static final int SEQUENCES = 4;
  private static final int LONGEST = 24;
  private static final int SHORTEST = 4;

  /** The product of weights and tokens to aim at. */
  private static final long WORK = 100_000_000_000L;

  private TokenSequences() {}

  /** [sequences][tokens] */
  static List<int[]> of(ModelConfig config) {
    long width = config.nEmbd();
    long weights =
        config.nLayer() * width * (4 * width + 2L * config.nInner()) + width * config.vocabSize();
    long affordable = Math.max(SHORTEST, Math.min(LONGEST, WORK / weights / SEQUENCES));
    int length = (int) Math.min(affordable, config.nPositions());
    Random random = new Random(config.vocabSize());
    int[][] sequences = new int[SEQUENCES][length];
    for (int[] sequence : sequences) {
      Arrays.setAll(sequence, i -> random.nextInt(config.vocabSize()));
    }
    return List.of(sequences);
  }
}
