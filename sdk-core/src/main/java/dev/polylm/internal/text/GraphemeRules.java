package dev.polylm.internal.text;

import org.jspecify.annotations.Nullable;

/**
 * Finds the ends of extended grapheme clusters (Unicode Standard Annex #29, revision 45), code
 * point by code point. Not thread-safe.
 *
 * <p>Every border found here is a border by the annex. Some borders of the annex are not found,
 * because they would need tables that JDK 17 lacks: after a zero width joiner, after an Indic
 * virama before a letter of any script, around code points that the JDK does not know, and before a
 * few vowel signs of Myanmar and Tai scripts. In texts of the model's 18 languages all borders are
 * found.
 */
final class GraphemeRules {
  private @Nullable GraphemeClass previous;

  /** True if the flag before is incomplete. */
  private boolean oddIndicators;

  /** True if only marks followed the last virama. */
  private boolean linked;

  /** Takes the next code point. Returns true if it belongs to the cluster of the one before it. */
  boolean joins(int codePoint) {
    GraphemeClass next = GraphemeClass.of(codePoint);
    boolean joined = previous != null && joins(previous, next);
    oddIndicators = next == GraphemeClass.REGIONAL_INDICATOR && !(joined && oddIndicators);
    linked =
        next == GraphemeClass.LINKER
            || (linked && (next == GraphemeClass.EXTEND || next == GraphemeClass.ZWJ));
    previous = next;
    return joined;
  }

  /** Returns true if no further code point can join the cluster. */
  boolean isClosed() {
    return previous == GraphemeClass.LF || previous == GraphemeClass.CONTROL;
  }

  private boolean joins(GraphemeClass left, GraphemeClass right) {
    if (isControl(left) || isControl(right)) {
      return left == GraphemeClass.CR && right == GraphemeClass.LF;
    }
    return switch (right) {
      case EXTEND, LINKER, ZWJ, UNKNOWN -> true;
      case L, V, T, LV, LVT -> joinsAnything(left) || joinsHangul(left, right);
      case REGIONAL_INDICATOR -> joinsAnything(left) || oddIndicators;
      case LETTER -> joinsAnything(left) || linked;
      default -> joinsAnything(left);
    };
  }

  private static boolean isControl(GraphemeClass kind) {
    return kind == GraphemeClass.CR || kind == GraphemeClass.LF || kind == GraphemeClass.CONTROL;
  }

  private static boolean joinsAnything(GraphemeClass left) {
    return left == GraphemeClass.PREPEND
        || left == GraphemeClass.ZWJ
        || left == GraphemeClass.UNKNOWN;
  }

  private static boolean joinsHangul(GraphemeClass left, GraphemeClass right) {
    return switch (left) {
      case L -> right != GraphemeClass.T;
      case LV, V -> right == GraphemeClass.V || right == GraphemeClass.T;
      case LVT, T -> right == GraphemeClass.T;
      default -> false;
    };
  }
}
