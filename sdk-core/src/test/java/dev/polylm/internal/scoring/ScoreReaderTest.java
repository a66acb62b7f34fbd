package dev.polylm.internal.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.polylm.PolyLmException;
import dev.polylm.internal.decoding.DecodingTask.RowLogits;
import dev.polylm.logits.TokenLogProbability;
import dev.polylm.scoring.Score;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A chunk of rows that is large enough for several threads. */
final class ScoreReaderTest {
  private static final int VOCAB_SIZE = 1 << 18;
  private static final int[] IDS = {5, 0, 77_777, VOCAB_SIZE - 1, 3, 4, 250_000, 9};

  @Test
  void scoresEachIdByTheRowBeforeIt() {
    ScoreReader reader = new ScoreReader(new ScoredIds(IDS, 2, null), 1, room());
    assertThat(reader.score()).isEmpty();
    reader.take(1, 5, rowsFrom(1));
    assertThat(reader.score()).isEmpty();
    reader.take(6, 2, rowsFrom(6)); // the last row is of no id's
    Score score = reader.score().orElseThrow();

    assertThat(score.tokenLogprobs()).hasSize(IDS.length - 2);
    for (int i = 2; i < IDS.length; i++) {
      float[] logits = row(i - 1);
      double sum = 0;
      int likeliest = 0;
      for (int id = 0; id < VOCAB_SIZE; id++) {
        sum += Math.exp(logits[id]);
        likeliest = logits[id] > logits[likeliest] ? id : likeliest;
      }
      assertThat((double) score.tokenLogprobs()[i - 2])
          .isCloseTo(logits[IDS[i]] - Math.log(sum), within(1e-5));
      assertThat(score.topLogprobs().get(i - 2))
          .singleElement()
          .extracting(TokenLogProbability::id)
          .isEqualTo(likeliest);
    }
    assertThat(score.isGreedy()).isFalse();
  }

  @Test
  void isGreedyIfEachIdIsTheLikeliest() {
    ScoreReader reader = new ScoreReader(new ScoredIds(IDS, 1, null), 0, room());
    RowLogits likely = (row, target) -> target[IDS[row + 1]] = 50 + row;
    reader.take(0, IDS.length - 1, likely);
    assertThat(reader.score().orElseThrow().isGreedy()).isTrue();
  }

  @Test
  void aRowThatIsNoNumberIsRefused() {
    ScoreReader reader = new ScoreReader(new ScoredIds(IDS, 1, null), 0, room());
    RowLogits broken = (row, target) -> target[row] = row == 6 ? Float.NaN : 1;
    assertThatThrownBy(() -> reader.take(0, IDS.length - 1, broken))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining("NaN");
  }

  private static ScoreReader.Room room() {
    return new ScoreReader.Room(VOCAB_SIZE);
  }

  private static RowLogits rowsFrom(int position) {
    return (row, target) -> System.arraycopy(row(position + row), 0, target, 0, VOCAB_SIZE);
  }

  /** The logits that follow a position. */
  private static float[] row(int position) {
    Random random = new Random(position);
    float[] row = new float[VOCAB_SIZE];
    for (int id = 0; id < VOCAB_SIZE; id++) {
      row[id] = (float) random.nextGaussian();
    }
    return row;
  }
}
