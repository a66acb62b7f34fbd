package dev.polylm.internal.constraint.term;

import java.util.Arrays;
import java.util.BitSet;

/** A set of Unicode code points, as sorted ranges. Immutable. */
public final class CodePoints {
  private static final int COUNT = Character.MAX_CODE_POINT + 1;
  public static final CodePoints ALL = range(0, Character.MAX_CODE_POINT);

  /** The beginning and the exclusive end of each range, in turn. No two ranges touch. */
  private final int[] edges;

  private CodePoints(int[] edges) {
    this.edges = edges;
  }

  static CodePoints of(BitSet bits) {
    int[] edges = new int[16];
    int count = 0;
    for (int first = bits.nextSetBit(0); first >= 0; ) {
      int end = bits.nextClearBit(first);
      if (count == edges.length) {
        edges = Arrays.copyOf(edges, 2 * count);
      }
      edges[count++] = first;
      edges[count++] = end;
      first = bits.nextSetBit(end);
    }
    return new CodePoints(Arrays.copyOf(edges, count));
  }

  public static CodePoints of(int codePoint) {
    return range(codePoint, codePoint);
  }

  public static CodePoints range(int first, int last) {
    return new CodePoints(new int[] {first, last + 1});
  }

  /** Returns a set of ranges, given as pairs of the first and the last code point. */
  public static CodePoints ranges(int... bounds) {
    CodePoints all = new CodePoints(new int[0]);
    for (int i = 0; i < bounds.length; i += 2) {
      all = all.union(range(bounds[i], bounds[i + 1]));
    }
    return all;
  }

  public CodePoints union(CodePoints other) {
    return complement().intersect(other.complement()).complement();
  }

  CodePoints without(CodePoints other) {
    return intersect(other.complement());
  }

  CodePoints intersect(CodePoints other) {
    int[] shared = new int[edges.length + other.edges.length];
    int count = 0;
    int i = 0;
    int j = 0;
    while (i < edges.length && j < other.edges.length) {
      int first = Math.max(edges[i], other.edges[j]);
      int end = Math.min(edges[i + 1], other.edges[j + 1]);
      if (first < end) {
        shared[count++] = first;
        shared[count++] = end;
      }
      if (edges[i + 1] < other.edges[j + 1]) {
        i += 2;
      } else {
        j += 2;
      }
    }
    return new CodePoints(Arrays.copyOf(shared, count));
  }

  /** Returns the complement. The edges stay in place, but beginnings and ends change roles. */
  public CodePoints complement() {
    int from = edges.length > 0 && edges[0] == 0 ? 1 : 0;
    int to = edges.length > 0 && edges[edges.length - 1] == COUNT ? edges.length - 1 : edges.length;
    int[] turned = new int[to - from + (from == 0 ? 1 : 0) + (to == edges.length ? 1 : 0)];
    System.arraycopy(edges, from, turned, from == 0 ? 1 : 0, to - from);
    if (to == edges.length) {
      turned[turned.length - 1] = COUNT;
    }
    return new CodePoints(turned);
  }

  boolean contains(int codePoint) {
    int at = Arrays.binarySearch(edges, codePoint);
    return at >= 0 ? at % 2 == 0 : -at % 2 == 0;
  }

  /** Returns the only member, or -1 if there are none or several. */
  int single() {
    return edges.length == 2 && edges[1] == edges[0] + 1 ? edges[0] : -1;
  }

  int rangeCount() {
    return edges.length / 2;
  }

  int first(int range) {
    return edges[2 * range];
  }

  int last(int range) {
    return edges[2 * range + 1] - 1;
  }
}
