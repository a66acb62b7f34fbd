package dev.polylm.internal.scoring;

import dev.polylm.internal.decoding.DecodingTask.RowLogits;
import dev.polylm.internal.logits.ArgMax;
import dev.polylm.internal.logits.LogSoftmax;
import dev.polylm.internal.logits.TopLogProbabilities;
import dev.polylm.logits.TokenLogProbability;
import dev.polylm.scoring.Score;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Computes the score of ids from the logits that follow each, while a model reads them. The rows of
 * a chunk are shared among the processors, since with 256,000 logits a row takes about 1.5 ms.
 */
public final class ScoreReader {
  private static final int LOGITS_OF_A_PART = 1 << 18; // fewer are not worth another thread

  private final ScoredIds text;
  private final int topCount;
  private final Room room;
  private final float[] tokenLogprobs; // from the first scored id on
  private final List<List<TokenLogProbability>> topLogprobs; // as above, if they are wanted
  private final boolean[] greedy; // as above: whether the id is the likeliest
  private int scored;

  /**
   * Room for the logits of a row of each part of a chunk. The readers of a task share it, one after
   * the other.
   */
  static final class Room {
    private final int vocabSize;
    private final float[][] rows; // [parts][vocabSize], null until needed

    Room(int vocabSize) {
      this.vocabSize = vocabSize;
      this.rows = new float[Runtime.getRuntime().availableProcessors()][];
    }

    private int parts(int count) {
      long wanted = (long) count * vocabSize / LOGITS_OF_A_PART;
      return (int) Math.max(1, Math.min(Math.min(count, rows.length), wanted));
    }

    private float[] row(int part) {
      float[] row = rows[part];
      if (row == null) {
        row = new float[vocabSize];
        rows[part] = row;
      }
      return row;
    }
  }

  /**
   * @param topCount how many of the likeliest ids to keep at each position
   */
  ScoreReader(ScoredIds text, int topCount, Room room) {
    int count = text.ids().length - text.first();
    this.text = text;
    this.topCount = topCount;
    this.room = room;
    this.tokenLogprobs = new float[count];
    this.greedy = new boolean[count];
    this.topLogprobs =
        topCount == 0 ? List.of() : new ArrayList<>(Collections.nCopies(count, List.of()));
  }

  /** Makes a reader that scores a prompt's ids after the first. */
  public static ScoreReader ofPrompt(int[] promptIds, int topCount, int vocabSize) {
    return new ScoreReader(new ScoredIds(promptIds, 1, null), topCount, new Room(vocabSize));
  }

  /** Returns the first position whose logits are wanted. */
  public int logitsFrom() {
    return text.first() - 1;
  }

  /**
   * Takes the logits that follow positions, one after the other. Logits after the last id are
   * ignored.
   *
   * @param position the position of row 0
   * @param count the number of rows
   */
  public void take(int position, int count, RowLogits rowLogits) {
    int wanted = Math.min(count, text.ids().length - 1 - position);
    if (wanted > 0) {
      int parts = room.parts(wanted);
      IntStream.range(0, parts)
          .parallel()
          .forEach(
              part -> {
                int end = (part + 1) * wanted / parts;
                for (int row = part * wanted / parts; row < end; row++) {
                  score(scored + row, position + row + 1, row, rowLogits, room.row(part));
                }
              });
      scored += wanted;
    }
  }

  private void score(int place, int position, int row, RowLogits rowLogits, float[] logits) {
    int id = text.ids()[position];
    rowLogits.copy(row, logits);
    tokenLogprobs[place] = LogSoftmax.logProbability(logits, id);
    greedy[place] = ArgMax.of(logits) == id;
    if (topCount > 0) {
      topLogprobs.set(place, TopLogProbabilities.of(logits, topCount));
    }
  }

  /** Returns the score, or empty if the ids were not read to their end. */
  public Optional<Score> score() {
    if (scored < tokenLogprobs.length) {
      return Optional.empty();
    }
    boolean allGreedy = IntStream.range(0, scored).allMatch(i -> greedy[i]);
    return Optional.of(new Score(tokenLogprobs, allGreedy, topLogprobs, text.text()));
  }
}
