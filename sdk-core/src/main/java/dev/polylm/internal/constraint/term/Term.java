package dev.polylm.internal.constraint.term;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression over bytes. {@link Terms} makes each one once, so two terms of one table are
 * the same language's same form exactly when they are the same object. Immutable.
 */
public final class Term implements Symbol {
  /** What a term says, and which fields it uses. */
  public enum Kind {
    /** No text at all. */
    EMPTY,
    /** The text of no bytes. */
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
    /** The only part, {@link #min} to {@link #max} times, -1 being without end. */
    REPETITION,
    /**
     * Digits whose number is a multiple of {@link #min}, where the digits before left the remainder
     * {@link #max}. A decimal point is passed over.
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

  /** Holds an intersection or a complement, so that its form doesn't say whether it is empty. */
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

  /** What makes two terms one. */
  record Form(Kind kind, @Nullable ByteSet bytes, List<Term> parts, int min, int max) {
    static Form of(Kind kind, List<Term> parts) {
      return new Form(kind, null, parts, 0, 0);
    }
  }

  /** Returns the term has the empty text. */
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

  /** Returns whether a term of kind {@link Kind#BYTES} has the byte, 0 to 255. */
  public boolean hasByte(int b) {
    return bytes != null && bytes.contains(b);
  }

  /** Its place in the order in which the table made its terms. */
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
