package dev.polylm.internal.tokenizer;

import dev.polylm.PolyLmException;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** Keeps long texts from using up a process's time and memory. Thread-safe. */
public final class TextLimit {
  /** Encoding takes up to 40 bytes for each char. */
  private static final int CHARS_AT_ONCE = 1 << 20;

  /** All tokenizers of a process share its memory. */
  private static final Semaphore CHARS = new Semaphore(CHARS_AT_ONCE, true);

  private final Vocabulary vocabulary;
  private final TextNormalizer normalizer;

  public TextLimit(TokenizerJson json) {
    vocabulary = json.vocabulary();
    normalizer = json.normalizer();
  }

  /**
   * Refuses a text that can't fit into a number of ids. The length of the longest piece limits how
   * many characters an id can have. With byte pieces, every character needs an id.
   *
   * @param parts the parts of the text, in well-formed UTF-16
   * @throws PolyLmException if the text can't fit
   */
  public void check(List<String> parts, int maxIds) {
    long most = (long) maxIds * charsOfAnId();
    long found = 0;
    for (String part : parts) {
      found += vocabulary.byteFallback() ? certain(part, most - found) : 0;
      if (found > most) {
        throw new PolyLmException(
            "the text has %s characters, expected at most %s: %s ids can't hold more"
                .formatted(parts.stream().mapToLong(String::length).sum(), most, maxIds));
      }
    }
  }

  /**
   * Returns how many chars an id can have. If extra spaces are removed, those on both sides of a
   * special token count too.
   */
  private int charsOfAnId() {
    return vocabulary.longest() + (normalizer.removesExtraWhitespaces() ? 2 : 0);
  }

  /** Returns how many characters a text has after normalization, up to a limit. */
  private long certain(String text, long limit) {
    if (!normalizer.changesLength() || limit >= Integer.MAX_VALUE) {
      return text.length();
    }
    return normalizer.lengthWithin(text.replace(TextNormalizer.WORD_BOUNDARY, ' '), (int) limit);
  }

  /**
   * Encodes a text as soon as the texts under way leave room for it. A text above the limit waits
   * until it is alone.
   */
  public <T> T share(long length, Supplier<T> encoding) {
    int share = (int) Math.min(length, CHARS_AT_ONCE);
    CHARS.acquireUninterruptibly(share);
    try {
      return encoding.get();
    } finally {
      CHARS.release(share);
    }
  }
}
