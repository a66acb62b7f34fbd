package dev.polylm.internal.constraint.term;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/** Converts sets of code points to their UTF-8 bytes. Surrogates have none. */
final class Utf8Terms {
  private static final int[] LAST_OF_LENGTH = {0x7F, 0x7FF, 0xFFFF, Character.MAX_CODE_POINT};
  private static final CodePoints SURROGATES = CodePoints.range(0xD800, 0xDFFF);
  private static final int BITS = 6;

  private final Terms terms;
  private final List<Term> sequences = new ArrayList<>();

  private Utf8Terms(Terms terms) {
    this.terms = terms;
  }

  static Term of(Terms terms, CodePoints set) {
    Utf8Terms utf8 = new Utf8Terms(terms);
    CodePoints scalars = set.without(SURROGATES);
    for (int i = 0; i < scalars.rangeCount(); i++) {
      utf8.addByLength(scalars.first(i), scalars.last(i));
    }
    return terms.either(utf8.sequences);
  }

  private void addByLength(int first, int last) {
    int low = first;
    for (int i = 0; i < LAST_OF_LENGTH.length; i++) {
      int high = Math.min(last, LAST_OF_LENGTH[i]);
      if (low <= high) {
        addAligned(low, high, i);
        low = high + 1;
      }
    }
  }

  /**
   * Splits a range until the range of each byte is independent: if the upper bits differ, the lower
   * bits must run from all zeros to all ones.
   */
  private void addAligned(int low, int high, int continuations) {
    for (int i = 1; i <= continuations; i++) {
      int lowerBits = (1 << (BITS * i)) - 1;
      if ((low & ~lowerBits) != (high & ~lowerBits)) {
        if ((low & lowerBits) != 0) {
          addAligned(low, low | lowerBits, continuations);
          addAligned((low | lowerBits) + 1, high, continuations);
          return;
        }
        if ((high & lowerBits) != lowerBits) {
          addAligned(low, (high & ~lowerBits) - 1, continuations);
          addAligned(high & ~lowerBits, high, continuations);
          return;
        }
      }
    }
    addSequence(Character.toString(low).getBytes(UTF_8), Character.toString(high).getBytes(UTF_8));
  }

  private void addSequence(byte[] low, byte[] high) {
    Term sequence = Terms.EPSILON;
    for (int i = low.length - 1; i >= 0; i--) {
      sequence =
          terms.concat(
              terms.range(Byte.toUnsignedInt(low[i]), Byte.toUnsignedInt(high[i])), sequence);
    }
    sequences.add(sequence);
  }
}
