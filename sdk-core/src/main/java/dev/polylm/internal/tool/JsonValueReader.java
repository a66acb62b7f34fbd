package dev.polylm.internal.tool;

/**
 * Reads one value of JSON out of a text that arrives in pieces. The bracket that closes the object
 * around the value ends it. Not thread-safe.
 */
final class JsonValueReader {
  private static final int HEX = 16;
  private static final int UNICODE_ESCAPE = 6; // \ u and four digits

  private final boolean unquote;
  private int depth;
  private boolean inString;
  private boolean escaped;
  private boolean ended;

  /**
   * @param unquote true if the value is a string, and its text is wanted
   */
  JsonValueReader(boolean unquote) {
    this.unquote = unquote;
  }

  /** Returns true if the whole value was read. */
  boolean ended() {
    return ended;
  }

  /** Removes from a text what belongs to the value, and returns it. */
  String read(StringBuilder text) {
    StringBuilder piece = new StringBuilder();
    int i = 0;
    while (i < text.length() && !ended) {
      int length = unquote ? unquoted(text, i, piece) : asIs(text.charAt(i), piece);
      if (length == 0) {
        break;
      }
      i += length;
    }
    text.delete(0, i);
    return piece.toString();
  }

  private int asIs(char c, StringBuilder piece) {
    if (!inString && depth == 0 && c == '}') {
      ended = true;
      return 1;
    }
    if (escaped) {
      escaped = false;
    } else if (c == '\\') {
      escaped = true;
    } else if (c == '"') {
      inString = !inString;
    } else if (!inString && (c == '{' || c == '[')) {
      depth++;
    } else if (!inString && (c == '}' || c == ']')) {
      depth--;
    }
    piece.append(c);
    return 1;
  }

  /** Returns how many characters were read, or 0 if an escape is not there yet. */
  private int unquoted(StringBuilder text, int i, StringBuilder piece) {
    char c = text.charAt(i);
    if (c == '"') {
      ended = inString;
      inString = true;
      return 1;
    }
    if (c != '\\') {
      piece.append(c);
      return 1;
    }
    if (i + 1 == text.length()) {
      return 0;
    }
    char kind = text.charAt(i + 1);
    if (kind == 'u') {
      if (i + UNICODE_ESCAPE > text.length()) {
        return 0;
      }
      piece.append((char) Integer.parseInt(text.substring(i + 2, i + UNICODE_ESCAPE), HEX));
      return UNICODE_ESCAPE;
    }
    piece.append(
        switch (kind) {
          case 'b' -> '\b';
          case 't' -> '\t';
          case 'n' -> '\n';
          case 'f' -> '\f';
          case 'r' -> '\r';
          default -> kind;
        });
    return 2;
  }
}
