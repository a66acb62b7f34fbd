package dev.polylm.internal.logits;

import dev.polylm.logits.TokenSequence;
import java.util.Arrays;
import java.util.Objects;

/** The growing ids of one row. Only one thread at a time may use it. */
public final class TokenBuffer implements TokenSequence {
  private int promptLength;
  private int[] ids;
  private int size;

  private TokenBuffer(int[] ids, int size, int promptLength) {
    this.ids = ids;
    this.size = size;
    this.promptLength = promptLength;
  }

  /** Returns a row that begins with a copy of a prompt. */
  public static TokenBuffer ofPrompt(int... promptIds) {
    return new TokenBuffer(promptIds.clone(), promptIds.length, promptIds.length);
  }

  /** Returns an independent copy of a row, which a new beam needs. */
  public static TokenBuffer copyOf(TokenSequence sequence) {
    int[] ids = new int[sequence.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = sequence.get(i);
    }
    return new TokenBuffer(ids, ids.length, sequence.promptLength());
  }

  /** Appends a new id. */
  public void append(int id) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, Math.max(16, size + (size >> 1) + 1));
    }
    ids[size++] = id;
  }

  /** Becomes a copy of a row. It uses its present memory if that is enough. */
  public void copyFrom(TokenBuffer source) {
    if (ids.length < source.size) {
      ids = new int[source.ids.length];
    }
    System.arraycopy(source.ids, 0, ids, 0, source.size);
    size = source.size;
    promptLength = source.promptLength;
  }

  /**
   * Drops the last ids.
   *
   * @param newSize the number of ids that remain, from {@link #promptLength()} to {@link #size()}
   * @throws IllegalArgumentException for another size
   */
  public void truncate(int newSize) {
    if (newSize < promptLength || newSize > size) {
      throw new IllegalArgumentException(
          "new size is %s, must be from %s to %s".formatted(newSize, promptLength, size));
    }
    size = newSize;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int get(int index) {
    return ids[Objects.checkIndex(index, size)];
  }

  @Override
  public int promptLength() {
    return promptLength;
  }

  /** Returns a copy of all ids. */
  public int[] toArray() {
    return Arrays.copyOf(ids, size);
  }

  /** Returns a copy of the ids after the prompt. */
  public int[] newIds() {
    return Arrays.copyOfRange(ids, promptLength, size);
  }
}
