package dev.polylm.internal.logits;

import dev.polylm.PolyLmException;
import java.util.Arrays;

/**
 * Draws ids by their probability, the softmax of processed logits. Each id takes one random number.
 * The drawn id is the first, in ascending order, at which the sum of the probabilities exceeds that
 * share of their total.
 */
public final class Multinomial {
  private Multinomial() {}

  /**
   * Draws an id.
   *
   * @param logits [vocabSize], left as they are; minus infinity is never drawn
   * @throws PolyLmException if a logit is NaN or plus infinity, or all logits are minus infinity
   */
  public static int sample(float[] logits, SeededRandom random, Workspace workspace) {
    Candidates candidates = workspace.candidates();
    candidates.softmax(logits);
    float[] probabilities = candidates.probabilities();
    int position = draw(probabilities, candidates.size(), random);
    return candidates.id(position);
  }

  /** Draws an id as {@link #sample} does, and remembers the probabilities. */
  public static DrawnId sampleToGuess(float[] logits, SeededRandom random, Workspace workspace) {
    int id = sample(logits, random, workspace);
    return new DrawnId(id, workspace.candidates());
  }

  /**
   * Draws an id by its probability, given a guess that was drawn by other probabilities. The drawn
   * ids have the probabilities of the logits, and are the guess as often as that allows.
   *
   * <p>Rejection sampling (Leviathan, Kalman, Matias: Fast Inference from Transformers via
   * Speculative Decoding, 2023). With the probability p here and q where the guess was drawn, the
   * guess is taken with probability min(1, p/q). Otherwise the id is drawn by max(0, p - q).
   *
   * @param logits [vocabSize], left as they are; minus infinity is never drawn
   * @throws PolyLmException as {@link #sample(float[], SeededRandom, Workspace)}
   */
  public static int sample(
      float[] logits, DrawnId guess, SeededRandom random, Workspace workspace) {
    Candidates candidates = workspace.candidates();
    candidates.softmax(logits);
    double share = random.nextDouble() * guess.probability();
    if (share < candidates.probabilityOf(guess.id())) {
      return guess.id();
    }
    guess.subtractFrom(candidates);
    int position = draw(candidates.probabilities(), candidates.size(), random);
    // Rounding may leave nothing: then both probabilities are the same.
    return position < 0 ? guess.id() : candidates.id(position);
  }

  /**
   * Draws different indexes one after the other, each by the probabilities of the remaining ones,
   * as torch.multinomial does without replacement. In beam sampling the values are the scores of
   * all continuations of all beams.
   *
   * @param logits any length, such as [numBeams * vocabSize], left as they are
   * @param n the number of indexes, at least 1
   * @return the indexes in the order drawn; fewer than n if fewer have a probability above 0
   * @throws PolyLmException as {@link #sample}
   */
  public static int[] sampleWithoutReplacement(
      float[] logits, int n, SeededRandom random, Workspace workspace) {
    Candidates candidates = workspace.candidates();
    candidates.softmax(logits);
    float[] probabilities = candidates.probabilities();
    int[] drawn = new int[Math.min(n, candidates.size())];
    for (int i = 0; i < drawn.length; i++) {
      int position = draw(probabilities, candidates.size(), random);
      if (position < 0) {
        return Arrays.copyOf(drawn, i);
      }
      drawn[i] = candidates.id(position);
      probabilities[position] = 0;
    }
    return drawn;
  }

  /** Returns a position with a probability above 0, or -1 if there is none. */
  private static int draw(float[] probabilities, int size, SeededRandom random) {
    double total = 0;
    for (int i = 0; i < size; i++) {
      total += probabilities[i];
    }
    double target = random.nextDouble() * total;
    int last = -1;
    double sum = 0;
    for (int i = 0; i < size; i++) {
      if (probabilities[i] > 0) {
        last = i;
        sum += probabilities[i];
        if (sum > target) {
          break;
        }
      }
    }
    // Rounding may keep the sum at the target: then take the last position with a probability.
    return last;
  }
}
