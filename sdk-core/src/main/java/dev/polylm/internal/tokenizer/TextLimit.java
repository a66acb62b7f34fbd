package dev.polylm.internal.tokenizer;

import dev.polylm.PolyLmException;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** Keeps long texts from taking a process's time and memory. Thread-safe. */
public final class TextLimit {
  /** Encoding takes up to 40 bytes for each char. */
  private static final int CHARS_AT_ONCE = 1 << 20;

  private final Vocabulary vocabulary;
  private final TextNormalizer normalizer;
  private final Semaphore chars = new Semaphore(CHARS_AT_ONCE, true);

  public TextLimit(TokenizerJson json) {
    vocabulary = json.vocabulary();
    normalizer = json.normalizer();
  }

  /**
   * Refuses a text that can't fit into a number of ids: no piece is longer than the longest, and
   * where there are byte pieces no character is without an id.
   *
   * @param parts of the text, well-formed UTF-16
   * @throws PolyLmException where it can't
   */
  public void check(List<String> parts, int maxIds) {
    long most = (long) maxIds * charsOfAnId();
    long found = 0;
    for (String part : parts) {
      found += vocabulary.byteFallback() ? certain(part, most - found) : 0;
      if (found > most) {
        throw new PolyLmException(
            "the text has %d characters, expected at most %d: %d ids hold no more of them"
                .formatted(parts.stream().mapToLong(String::length).sum(), most, maxIds));
      }
    }
  }

  /** Where extra spaces are removed, those on both sides of a special token are. */
  private int charsOfAnId() {
    return vocabulary.longest() + (normalizer.removesExtraWhitespaces() ? 2 : 0);
  }

  /** How many characters are left of a text when it is normalized, if not more than a limit. */
  private long certain(String text, long limit) {
    if (!normalizer.changesLength() || limit >= Integer.MAX_VALUE) {
      return text.length();
    }
    return normalizer.lengthWithin(text.replace(TextNormalizer.WORD_BOUNDARY, ' '), (int) limit);
  }

  /**
   * Encodes a text as soon as those that are being encoded leave room for it; a longer text than
   * that waits until it is alone.
   */
  public <T> T share(long length, Supplier<T> encoding) {
    int share = (int) Math.min(length, CHARS_AT_ONCE);
    chars.acquireUninterruptibly(share);
    try {
      return encoding.get();
    } finally {
      chars.release(share);
    }
  }
}
