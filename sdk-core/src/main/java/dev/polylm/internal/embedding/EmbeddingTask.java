package dev.polylm.internal.embedding;

import dev.polylm.PolyLmException;
import dev.polylm.internal.decoding.PromptTask;
import java.util.ArrayList;
import java.util.List;

/** Reads texts one after the other, and makes a vector from the last hidden states of each. */
final class EmbeddingTask extends PromptTask {
  private final List<int[]> texts;
  private final List<float[]> embeddings = new ArrayList<>(); // of the texts that have been read
  private final float[] state; // [hiddenSize]
  private double[] sum; // [hiddenSize]: of the states of the text that is being read
  private int added; // the number of these states

  /**
   * @param texts the ids of at least one text, each with at least one id
   */
  EmbeddingTask(List<int[]> texts, int hiddenSize, boolean reproducible) {
    super(reproducible);
    this.texts = texts;
    this.state = new float[hiddenSize];
    this.sum = new double[hiddenSize];
  }

  @Override
  public List<int[]> prompts() {
    return texts;
  }

  @Override
  public boolean wantsHiddenStates() {
    return true;
  }

  @Override
  public void takeHiddenStates(int prompt, int count, HiddenStates states) {
    for (int row = 0; row < count; row++) {
      states.copy(row, state);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += state[i];
      }
    }
    added += count;
    if (added == texts.get(prompt).length) {
      embeddings.add(ofLength1(sum));
      sum = new double[sum.length];
      added = 0;
    }
  }

  /** Returns the sum scaled to length 1. The mean has the same direction as the sum. */
  private static float[] ofLength1(double[] sum) {
    double squares = 0;
    for (double value : sum) {
      squares += value * value;
    }
    double length = Math.sqrt(squares);
    if (!(length > 0) || Double.isInfinite(length)) {
      throw new PolyLmException(
          "the hidden states of a text add up to a vector of length %s, expected above 0 and finite"
              .formatted(length));
    }
    float[] embedding = new float[sum.length];
    for (int i = 0; i < sum.length; i++) {
      embedding[i] = (float) (sum[i] / length);
    }
    return embedding;
  }

  /** Returns the embedding of each text, [hiddenSize], once the task is finished. */
  List<float[]> embeddings() {
    return List.copyOf(embeddings);
  }
}
