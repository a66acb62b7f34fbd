package dev.polylm.internal.constraint.term;

import java.util.BitSet;

/** A set of Unicode code points. Immutable. */
public final class CodePoints {
  private static final int COUNT = Character.MAX_CODE_POINT + 1;
  public static final CodePoints ALL = range(0, Character.MAX_CODE_POINT);

  private final BitSet bits;

  private CodePoints(BitSet bits) {
    this.bits = bits;
  }

  /** Takes what a caller filled. */
  static CodePoints of(BitSet bits) {
    return new CodePoints((BitSet) bits.clone());
  }

  public static CodePoints of(int codePoint) {
    return range(codePoint, codePoint);
  }

  /** Pairs of a first and a last one. */
  public static CodePoints ranges(int... bounds) {
    BitSet bits = new BitSet();
    for (int i = 0; i < bounds.length; i += 2) {
      bits.set(bounds[i], bounds[i + 1] + 1);
    }
    return new CodePoints(bits);
  }

  public static CodePoints range(int first, int last) {
    return ranges(first, last);
  }

  public CodePoints union(CodePoints other) {
    BitSet all = (BitSet) bits.clone();
    all.or(other.bits);
    return new CodePoints(all);
  }

  CodePoints without(CodePoints other) {
    BitSet rest = (BitSet) bits.clone();
    rest.andNot(other.bits);
    return new CodePoints(rest);
  }

  CodePoints intersect(CodePoints other) {
    BitSet shared = (BitSet) bits.clone();
    shared.and(other.bits);
    return new CodePoints(shared);
  }

  public CodePoints complement() {
    BitSet rest = (BitSet) bits.clone();
    rest.flip(0, COUNT);
    return new CodePoints(rest);
  }

  boolean contains(int codePoint) {
    return bits.get(codePoint);
  }

  /** The only member, or -1 where there are none or several. */
  int single() {
    return bits.cardinality() == 1 ? bits.nextSetBit(0) : -1;
  }

  /** The first member from a code point on, or -1. */
  int next(int from) {
    return bits.nextSetBit(from);
  }

  /** The end, exclusive, of the run of members that a code point is in. */
  int endOfRun(int from) {
    return bits.nextClearBit(from);
  }
}
