package dev.polylm.internal.scoring;

import dev.polylm.internal.decoding.DecodingTask.RowLogits;
import dev.polylm.internal.logits.ArgMax;
import dev.polylm.internal.logits.LogSoftmax;
import dev.polylm.internal.logits.TopLogProbabilities;
import dev.polylm.logits.TokenLogProbability;
import dev.polylm.scoring.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes the score of ids from the logits that follow each, while a model reads them. */
public final class ScoreReader {
  private final ScoredIds text;
  private final int topCount;
  private final float[] logits; // [vocabSize], of one row at a time
  private final float[] tokenLogprobs; // from the first scored id on
  private final List<List<TokenLogProbability>> topLogprobs = new ArrayList<>(); // as above
  private boolean greedy = true;
  private int scored;

  /**
   * @param topCount alternatives of each id that are kept
   * @param logits room for those of one id, [vocabSize]
   */
  ScoreReader(ScoredIds text, int topCount, float[] logits) {
    this.text = text;
    this.topCount = topCount;
    this.logits = logits;
    this.tokenLogprobs = new float[text.ids().length - text.first()];
  }

  /** Scores a prompt: its ids after the first. */
  public static ScoreReader ofPrompt(int[] promptIds, int topCount, int vocabSize) {
    return new ScoreReader(new ScoredIds(promptIds, 1, null), topCount, new float[vocabSize]);
  }

  /** The first position whose logits are wanted. */
  public int logitsFrom() {
    return text.first() - 1;
  }

  /**
   * Takes the logits that follow positions, one after the other. Those after the last id say
   * nothing of the text.
   *
   * @param position of row 0
   * @param count rows there are
   */
  public void take(int position, int count, RowLogits rowLogits) {
    int wanted = Math.min(count, text.ids().length - 1 - position);
    for (int row = 0; row < wanted; row++) {
      int id = text.ids()[position + row + 1];
      rowLogits.copy(row, logits);
      tokenLogprobs[scored] = LogSoftmax.logProbability(logits, id);
      greedy &= ArgMax.of(logits) == id;
      if (topCount > 0) {
        topLogprobs.add(TopLogProbabilities.of(logits, topCount));
      }
      scored++;
    }
  }

  /** The score, none where the ids were not read to their end. */
  public Optional<Score> score() {
    return scored == tokenLogprobs.length
        ? Optional.of(new Score(tokenLogprobs, greedy, topLogprobs, text.text()))
        : Optional.empty();
  }
}
