package dev.polylm.internal.scoring;

import java.nio.charset.StandardCharsets;

/**
 * How long a text is.
 *
 * @param bytes in UTF-8
 * @param characters code points
 */
public record TextSize(int bytes, int characters) {

  static TextSize of(String text) {
    return new TextSize(
        text.getBytes(StandardCharsets.UTF_8).length, text.codePointCount(0, text.length()));
  }
}
