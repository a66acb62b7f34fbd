package dev.polylm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.internal.runtime.DecoderRows;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is kept, found and dropped. A position costs 10 bytes. */
final class PrefixStoreTest {
  private static final int POSITION_BYTES = 10;

  private final FakeRows.Model model = new FakeRows.Model(7);
  private final DecoderRows rows = model.create(1, 100, 1);
  private final PrefixStore store = new PrefixStore(POSITION_BYTES);

  /** So many ids, the first one different for each kind. */
  private static int[] ids(int kind, int length) {
    return IntStream.range(0, length).map(i -> i == 0 ? kind : i).toArray();
  }

  private void add(int[] ids, int roomInPositions) {
    rows.truncate(0, 0);
    rows.read(0, ids, 0, ids.length, 1);
    store.add(rows, 0, (long) roomInPositions * POSITION_BYTES);
  }

  private int found(int[] ids) {
    PrefixStore.Match match = store.find(null, ids, 1, ids.length);
    return match == null ? 0 : match.length();
  }

  @Test
  void theLongestBeginningIsFound() {
    add(ids(1, 20), 1000);
    int[] longer = ids(1, 40);
    longer[30] = 99;
    add(longer, 1000);
    assertThat(found(ids(1, 60))).isEqualTo(30);
    assertThat(found(ids(1, 25))).isEqualTo(25);
    assertThat(found(ids(2, 25))).isZero();
    PrefixStore.Match limited = store.find(null, ids(1, 60), 1, 12);
    assertThat(limited).isNotNull();
    assertThat(limited.length()).isEqualTo(12);
    assertThat(store.find(null, ids(1, 60), 31, 60)).isNull();
  }

  @Test
  void whatGoesOnFromAnEntryTakesItsPlace() {
    add(ids(1, 20), 1000);
    add(ids(1, 40), 1000);
    assertThat(model.kept).isEqualTo(1);
    assertThat(store.bytes()).isEqualTo(400);
    add(ids(1, 30), 1000);
    assertThat(model.kept).isEqualTo(1);
    assertThat(store.bytes()).isEqualTo(400);
  }

  @Test
  void theLeastRecentlyUsedGoesFirst() {
    add(ids(1, 20), 60);
    add(ids(2, 20), 60);
    add(ids(3, 20), 60);
    assertThat(found(ids(1, 20))).isEqualTo(20);
    add(ids(4, 20), 60);
    assertThat(found(ids(2, 20))).isZero();
    assertThat(found(ids(3, 20))).isEqualTo(20);
    assertThat(found(ids(1, 20))).isEqualTo(20);
    store.shrinkTo(20 * POSITION_BYTES);
    assertThat(found(ids(4, 20))).isZero();
    assertThat(found(ids(1, 20))).isEqualTo(20);
    assertThat(model.kept).isEqualTo(1);
    store.shrinkTo(0);
    assertThat(model.kept).isZero();
    assertThat(store.bytes()).isZero();
  }

  @Test
  void whatIsTooShortOrTooLargeIsNotKept() {
    add(ids(1, 15), 1000);
    add(ids(2, 50), 49);
    assertThat(model.kept).isZero();
    add(ids(3, 16), 16);
    assertThat(model.kept).isEqualTo(1);
    add(Arrays.copyOf(ids(4, 50), 50), 49);
    assertThat(found(ids(3, 16))).isEqualTo(16);
  }
}
