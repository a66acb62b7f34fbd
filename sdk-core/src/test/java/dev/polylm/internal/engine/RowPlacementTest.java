package dev.polylm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RowPlacementTest {

  /** Rows that hold a text each, and what was done with them. */
  private static final class Cache implements RowPlacement.Moves {
    final String[] rows;
    final List<String> moves = new ArrayList<>();

    Cache(String... rows) {
      this.rows = rows;
    }

    @Override
    public void copy(int source, int target) {
      rows[target] = rows[source];
      moves.add(source + ">" + target);
    }

    @Override
    public void swap(int a, int b) {
      String row = rows[a];
      rows[a] = rows[b];
      rows[b] = row;
      moves.add(a + "<>" + b);
    }
  }

  @Test
  void theFirstChildOfEachRowStaysAndTheOthersAreCopied() {
    Cache cache = new Cache("a", "b", "c");
    assertThat(RowPlacement.arrange(3, new int[] {0, 0, 0}, new int[0], cache))
        .containsExactly(0, 1, 2);
    assertThat(cache.moves).containsExactly("0>1", "0>2");
    cache.moves.clear();
    assertThat(RowPlacement.arrange(3, new int[] {2, 1, 2}, new int[0], cache))
        .containsExactly(2, 1, 0);
    assertThat(cache.moves).containsExactly("2>0");
  }

  @Test
  void aPromptThatIsBeingReadGivesWay() {
    Cache cache = new Cache("prompt", "read");
    int[] held = {0};
    assertThat(RowPlacement.arrange(2, new int[] {1}, held, cache)).containsExactly(0);
    assertThat(cache.rows).containsExactly("read", "prompt");
    assertThat(held).containsExactly(1);
    assertThat(cache.moves).containsExactly("1<>0");
  }

  @Test
  void everyRowHoldsItsParentsHistoryWhateverTheSchedule() {
    Random random = new Random(7);
    for (int round = 0; round < 20_000; round++) {
      int places = 1 + random.nextInt(9);
      int rows = 1 + random.nextInt(places);
      int heldCount = random.nextInt(places - rows + 1);
      List<Integer> shuffled = new ArrayList<>(IntStream.range(0, places).boxed().toList());
      Collections.shuffle(shuffled, random);
      int[] held = shuffled.stream().limit(heldCount).mapToInt(i -> i).toArray();
      List<Integer> others = shuffled.subList(heldCount, places);
      int[] sources = random.ints(rows, 0, others.size()).map(others::get).toArray();
      String[] before = IntStream.range(0, places).mapToObj(i -> "row" + i).toArray(String[]::new);
      Cache cache = new Cache(before.clone());
      int[] heldBefore = held.clone();

      int[] targets = RowPlacement.arrange(places, sources, held, cache);

      assertThat(targets).doesNotHaveDuplicates();
      for (int row = 0; row < rows; row++) {
        assertThat(targets[row]).isBetween(0, rows - 1);
        assertThat(cache.rows[targets[row]]).isEqualTo(before[sources[row]]);
      }
      for (int i = 0; i < heldCount; i++) {
        assertThat(held[i]).isGreaterThanOrEqualTo(0);
        assertThat(cache.rows[held[i]]).isEqualTo(before[heldBefore[i]]);
      }
    }
  }
}
