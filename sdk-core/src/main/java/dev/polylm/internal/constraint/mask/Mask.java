package dev.polylm.internal.constraint.mask;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The ids that may come next. A few ids are stored as a list, many as bits. All masks that allow
 * plain text share its bits. Immutable; threads share it.
 */
public final class Mask {
  private static final int HEADER_BYTES = 64;
  private static final int[] NO_IDS = {};

  private final int vocabularySize;
  private final long @Nullable [] bits;
  private final boolean ownBits;
  private final int[] ids;
  private final int[] endIds;
  private final boolean mayEnd;

  /**
   * Makes a mask of ids of text.
   *
   * @param bits ids as bits, or null if there are only few ids
   * @param ownBits whether no other mask has the same bits
   * @param ids further ids
   */
  Mask(int vocabularySize, long @Nullable [] bits, boolean ownBits, int[] ids) {
    this(vocabularySize, bits, ownBits, ids, NO_IDS, false);
  }

  private Mask(
      int vocabularySize,
      long @Nullable [] bits,
      boolean ownBits,
      int[] ids,
      int[] endIds,
      boolean mayEnd) {
    this.vocabularySize = vocabularySize;
    this.bits = bits;
    this.ownBits = ownBits;
    this.ids = ids;
    this.endIds = endIds;
    this.mayEnd = mayEnd;
  }

  /**
   * Returns this mask with ids that end an answer. They are allowed exactly where the answer may
   * end, even if they are also ids of text.
   */
  Mask endingWith(int[] ends, boolean mayEndHere) {
    return new Mask(vocabularySize, bits, ownBits, ids, ends, mayEndHere);
  }

  /** Returns whether the id may come next. */
  public boolean allows(int id) {
    if (contains(endIds, id)) {
      return mayEnd;
    }
    if (id < 0 || id >= vocabularySize) {
      return false;
    }
    if (bits != null && Bits.get(bits, id)) {
      return true;
    }
    return contains(ids, id);
  }

  private static boolean contains(int[] ids, int id) {
    for (int one : ids) {
      if (one == id) {
        return true;
      }
    }
    return false;
  }

  /** Returns true if no id may come next. */
  public boolean isEmpty() {
    if (mayEnd && endIds.length > 0) {
      return false;
    }
    long[] all = toBits();
    for (int end : endIds) {
      if (end < vocabularySize) {
        all[end >> 6] &= ~(1L << end);
      }
    }
    return Arrays.stream(all).allMatch(word -> word == 0);
  }

  /**
   * Sets the logits of ids that may not come next to negative infinity.
   *
   * @param logits [vocabSize], or longer if the model has ids that its tokenizer lacks
   */
  public void apply(float[] logits) {
    float[] kept = at(ids, logits);
    float[] ends = at(endIds, logits);
    if (bits == null) {
      Arrays.fill(logits, Float.NEGATIVE_INFINITY);
    } else {
      applyBits(bits, logits);
    }
    for (int i = 0; i < kept.length; i++) {
      logits[ids[i]] = kept[i];
    }
    for (int i = 0; i < ends.length; i++) {
      logits[endIds[i]] = mayEnd ? ends[i] : Float.NEGATIVE_INFINITY;
    }
  }

  private static float[] at(int[] ids, float[] logits) {
    float[] values = new float[ids.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = logits[ids[i]];
    }
    return values;
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

  /** Returns all allowed ids of text as bits, in a new array. */
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
