package dev.polylm.internal.constraint.term;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression over bytes. {@link Terms} makes each form once, so two terms of one table
 * have the same form exactly if they are the same object. Immutable.
 */
public final class Term implements Symbol {
  /** The kind of a term, and the fields that it uses. */
  public enum Kind {
    /** No text at all. */
    EMPTY,
    /** Only the empty text. */
    EPSILON,
    /** One byte of {@link #bytes}. */
    BYTES,
    /** The first part, then the second. */
    CONCATENATION,
    /** Any of the parts. */
    ALTERNATION,
    /** All of the parts at once. */
    INTERSECTION,
    /** Every text but those of the only part. */
    COMPLEMENT,
    /** The only part, {@link #min} to {@link #max} times; a max of -1 means no limit. */
    REPETITION,
    /**
     * Digits whose number is a multiple of {@link #min}, after digits with the remainder {@link
     * #max}. A decimal point is ignored.
     */
    MULTIPLE
  }

  static final int UNBOUNDED = -1;

  final int id;
  final Kind kind;
  final @Nullable ByteSet bytes;
  final List<Term> parts;
  final int min;
  final int max;
  final boolean nullable;

  /**
   * True if the term contains an intersection or a complement, so that its form doesn't show
   * whether it is empty.
   */
  final boolean bool;

  Term(int id, Form form, boolean nullable, boolean bool) {
    this.id = id;
    this.kind = form.kind;
    this.bytes = form.bytes;
    this.parts = form.parts;
    this.min = form.min;
    this.max = form.max;
    this.nullable = nullable;
    this.bool = bool;
  }

  /** The parts that identify a term. */
  record Form(Kind kind, @Nullable ByteSet bytes, List<Term> parts, int min, int max) {
    static Form of(Kind kind, List<Term> parts) {
      return new Form(kind, null, parts, 0, 0);
    }
  }

  /** Returns true if the term matches the empty text. */
  public boolean nullable() {
    return nullable;
  }

  public Kind kind() {
    return kind;
  }

  public List<Term> parts() {
    return parts;
  }

  public int min() {
    return min;
  }

  public int max() {
    return max;
  }

  /** Returns whether a term of kind {@link Kind#BYTES} contains the byte, 0 to 255. */
  public boolean hasByte(int b) {
    return bytes != null && bytes.contains(b);
  }

  /** Returns the term's place in the order in which its table made terms. */
  public int id() {
    return id;
  }

  Term first() {
    return parts.get(0);
  }

  Term second() {
    return parts.get(1);
  }

  @Override
  public int hashCode() {
    return id;
  }
}
