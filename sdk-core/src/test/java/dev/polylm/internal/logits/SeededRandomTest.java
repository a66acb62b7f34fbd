package dev.polylm.internal.logits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeededRandomTest {

  /** The published sequence of SplitMix64 for this seed. */
  @Test
  void isSplitMix64() {
    SeededRandom random = new SeededRandom(1234567);
    long[] drawn = {
      random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong()
    };
    assertThat(drawn)
        .containsExactly(
            6457827717110365317L,
            3203168211198807973L,
            Long.parseUnsignedLong("9817491932198370423"),
            4593380528125082431L,
            Long.parseUnsignedLong("16408922859458223821"));
  }

  @Test
  void drawsFractionsFromTheUpperBits() {
    assertThat(new SeededRandom(1234567).nextDouble())
        .isEqualTo((6457827717110365317L >>> 11) / (double) (1L << 53));
  }

  @Test
  void givesEachRowItsOwnSequence() {
    assertThat(SeededRandom.forRow(99, 0).nextLong()).isEqualTo(new SeededRandom(99).nextLong());
    Set<Long> first = new HashSet<>();
    for (int row = 0; row < 100; row++) {
      first.add(SeededRandom.forRow(99, row).nextLong());
      assertThat(SeededRandom.forRow(99, row).nextLong())
          .isEqualTo(SeededRandom.forRow(99, row).nextLong());
    }
    assertThat(first).hasSize(100);
  }
}
