package dev.polylm.internal.constraint.term;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polylm.PolyLmException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Spells characters, either as they are or as in a JSON string. Each character has one spelling. So
 * excluding a string means excluding one text, and a length in characters is a number of spellings.
 */
public final class Spelling {
  private static final int SPACE = ' ';
  private static final CodePoints ESCAPED =
      CodePoints.range(0, SPACE - 1).union(CodePoints.ranges('"', '"', '\\', '\\'));

  private final Terms terms;
  private final boolean json;
  private @Nullable Term any;

  private Spelling(Terms terms, boolean json) {
    this.terms = terms;
    this.json = json;
  }

  /** Returns the spelling of characters as they are. */
  public static Spelling plain(Terms terms) {
    return new Spelling(terms, false);
  }

  /** Returns the spelling inside a JSON string. */
  public static Spelling json(Terms terms) {
    return new Spelling(terms, true);
  }

  public Terms terms() {
    return terms;
  }

  /** Returns a term for any one character. */
  public Term any() {
    if (any == null) {
      any = of(CodePoints.ALL);
    }
    return any;
  }

  /** Returns a term for any text. */
  public Term anyText() {
    return terms.star(any());
  }

  /** Returns a term for one character of a set. */
  public Term of(CodePoints set) {
    if (!json) {
      return Utf8Terms.of(terms, set);
    }
    CodePoints escaped = set.intersect(ESCAPED);
    List<Term> terms = new ArrayList<>();
    for (int i = 0; i < escaped.rangeCount(); i++) {
      for (int c = escaped.first(i); c <= escaped.last(i); c++) {
        terms.add(this.terms.literal(escape(c)));
      }
    }
    terms.add(Utf8Terms.of(this.terms, set.without(ESCAPED)));
    return this.terms.either(terms);
  }

  /**
   * Returns the bytes of a text.
   *
   * @throws PolyLmException if the text holds half of a surrogate pair
   */
  public byte[] bytes(String text) {
    StringBuilder spelled = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (json && ESCAPED.contains(c)) {
                spelled.append(escape(c));
              } else {
                spelled.appendCodePoint(c);
              }
            });
    return utf8(spelled);
  }

  public Term text(String text) {
    return terms.literal(bytes(text));
  }

  private static byte[] utf8(CharSequence text) {
    try {
      ByteBuffer bytes = UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] array = new byte[bytes.remaining()];
      bytes.get(array);
      return array;
    } catch (CharacterCodingException e) {
      throw new PolyLmException(
          "a constraint's text holds half of a surrogate pair, which no answer can hold", e);
    }
  }

  private static String escape(int codePoint) {
    return switch (codePoint) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\b' -> "\\b";
      case '\t' -> "\\t";
      case '\n' -> "\\n";
      case '\f' -> "\\f";
      case '\r' -> "\\r";
      default -> String.format(Locale.ROOT, "\\u%04x", codePoint);
    };
  }
}
