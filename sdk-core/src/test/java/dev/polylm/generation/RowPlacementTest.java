package dev.polylm.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RowPlacementTest {

  @Test
  void theFirstChildOfEachRowStaysAndTheOthersAreCopied() {
    RowPlacement placement = new RowPlacement(1);
    List<String> copies = new ArrayList<>();

    placement.arrange(
        3, new int[] {0, 0, 0}, (source, target) -> copies.add(source + ">" + target));
    assertThat(copies).containsExactly("0>1", "0>2");

    copies.clear();
    placement.arrange(
        3, new int[] {2, 1, 2}, (source, target) -> copies.add(source + ">" + target));
    assertThat(copies).containsExactly("2>0");
    assertThat(placement.place(0)).isEqualTo(2);
    assertThat(placement.place(1)).isEqualTo(1);
    assertThat(placement.place(2)).isEqualTo(0);
  }

  @Test
  void everyRowHoldsItsParentsHistoryWhateverTheSchedule() {
    Random random = new Random(7);
    for (int round = 0; round < 500; round++) {
      RowPlacement placement = new RowPlacement(1);
      String[] cache = new String[8];
      cache[0] = "p";
      List<String> expected = List.of("p");
      for (int step = 0; step < 20; step++) {
        int rows = 1 + random.nextInt(8);
        int[] parents = random.ints(rows, 0, expected.size()).toArray();
        placement.arrange(rows, parents, (source, target) -> cache[target] = cache[source]);
        List<String> next = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
          assertThat(placement.place(row)).isBetween(0, rows - 1);
          assertThat(cache[placement.place(row)]).isEqualTo(expected.get(parents[row]));
          next.add(expected.get(parents[row]) + (char) ('a' + row));
          cache[placement.place(row)] = next.get(row);
        }
        expected = next;
      }
    }
  }
}
