package dev.polylm.internal.scoring;

import dev.polylm.internal.decoding.PromptTask;
import dev.polylm.internal.logits.ArgMax;
import dev.polylm.internal.logits.LogSoftmax;
import dev.polylm.internal.logits.TopLogProbabilities;
import dev.polylm.logits.TokenLogProbability;
import dev.polylm.scoring.Score;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads texts one after the other, and takes from the logits at each id what the next had. */
final class ScoringTask extends PromptTask {
  private final List<ScoredIds> texts;
  private final List<int[]>
      prompts; // the texts without their last id, after which nothing is asked
  private final List<float[]> tokenLogprobs = new ArrayList<>(); // of each text, from first on
  private final List<List<List<TokenLogProbability>>> topLogprobs = new ArrayList<>(); // as above
  private final int topCount;
  private final boolean[] greedy; // [texts]
  private final float[] logits; // [vocabSize]

  /**
   * @param texts at least one, each to be scored from 1 or later on
   * @param topCount alternatives of each id that are kept
   */
  ScoringTask(List<ScoredIds> texts, int vocabSize, int topCount) {
    this.texts = texts;
    this.topCount = topCount;
    this.prompts =
        texts.stream().map(text -> Arrays.copyOf(text.ids(), text.ids().length - 1)).toList();
    this.greedy = new boolean[texts.size()];
    this.logits = new float[vocabSize];
    Arrays.fill(greedy, true);
    for (ScoredIds text : texts) {
      tokenLogprobs.add(new float[text.ids().length - text.first()]);
      topLogprobs.add(new ArrayList<>());
    }
  }

  @Override
  public List<int[]> prompts() {
    return prompts;
  }

  @Override
  public int promptLogitsFrom(int prompt) {
    return texts.get(prompt).first() - 1;
  }

  @Override
  public void takePromptLogits(int prompt, int position, int count, RowLogits rowLogits) {
    ScoredIds text = texts.get(prompt);
    for (int row = 0; row < count; row++) {
      int next = position + row + 1;
      int id = text.ids()[next];
      rowLogits.copy(row, logits);
      tokenLogprobs.get(prompt)[next - text.first()] = LogSoftmax.logProbability(logits, id);
      greedy[prompt] &= ArgMax.of(logits) == id;
      if (topCount > 0) {
        topLogprobs.get(prompt).add(TopLogProbabilities.of(logits, topCount));
      }
    }
  }

  /** The score of each text, once the task is finished. */
  List<Score> scores() {
    List<Score> scores = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      scores.add(
          new Score(tokenLogprobs.get(i), greedy[i], topLogprobs.get(i), texts.get(i).text()));
    }
    return scores;
  }
}
