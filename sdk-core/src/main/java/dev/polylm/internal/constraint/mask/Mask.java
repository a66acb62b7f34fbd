package dev.polylm.internal.constraint.mask;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The ids that may come next. A few ids are stored as a list, many as bits. All masks that allow
 * plain text share its bits. Immutable; threads share it.
 */
public final class Mask {
  private static final int HEADER_BYTES = 64;

  private final int vocabularySize;
  private final long @Nullable [] bits;
  private final boolean ownBits;
  private final int[] ids;

  /**
   * @param bits ids as bits, or null if there are only few ids
   * @param ownBits whether no other mask has the same bits
   * @param ids further ids
   */
  Mask(int vocabularySize, long @Nullable [] bits, boolean ownBits, int[] ids) {
    this.vocabularySize = vocabularySize;
    this.bits = bits;
    this.ownBits = ownBits;
    this.ids = ids;
  }

  /** Returns whether the id may come next. */
  public boolean allows(int id) {
    if (id < 0 || id >= vocabularySize) {
      return false;
    }
    if (bits != null && Bits.get(bits, id)) {
      return true;
    }
    for (int allowed : ids) {
      if (allowed == id) {
        return true;
      }
    }
    return false;
  }

  /** Returns true if no id may come next. */
  public boolean isEmpty() {
    return ids.length == 0 && (bits == null || Arrays.stream(bits).allMatch(word -> word == 0));
  }

  /**
   * Sets the logits of ids that may not come next to negative infinity.
   *
   * @param logits [vocabSize], or longer if the model has ids that its tokenizer lacks
   */
  public void apply(float[] logits) {
    float[] kept = new float[ids.length];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = logits[ids[i]];
    }
    if (bits == null) {
      Arrays.fill(logits, Float.NEGATIVE_INFINITY);
    } else {
      applyBits(bits, logits);
    }
    for (int i = 0; i < kept.length; i++) {
      logits[ids[i]] = kept[i];
    }
  }

  private static void applyBits(long[] bits, float[] logits) {
    int covered = Math.min(logits.length, bits.length * Long.SIZE);
    for (int word = 0; word < bits.length; word++) {
      int start = word << 6;
      int end = Math.min(start + Long.SIZE, covered);
      if (bits[word] == 0) {
        Arrays.fill(logits, start, end, Float.NEGATIVE_INFINITY);
        continue;
      }
      for (long forbidden = ~bits[word]; forbidden != 0; forbidden &= forbidden - 1) {
        int id = start + Long.numberOfTrailingZeros(forbidden);
        if (id < end) {
          logits[id] = Float.NEGATIVE_INFINITY;
        }
      }
    }
    Arrays.fill(logits, covered, logits.length, Float.NEGATIVE_INFINITY);
  }

  /** Returns all allowed ids as bits, in a new array. */
  long[] toBits() {
    long[] all = bits == null ? new long[Bits.words(vocabularySize)] : bits.clone();
    for (int id : ids) {
      Bits.set(all, id);
    }
    return all;
  }

  long sizeInBytes() {
    long own = bits != null && ownBits ? (long) bits.length * Long.BYTES : 0;
    return HEADER_BYTES + own + (long) ids.length * Integer.BYTES;
  }
}
