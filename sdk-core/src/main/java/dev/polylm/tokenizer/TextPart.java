package dev.polylm.tokenizer;

import dev.polylm.PolyLmException;
import dev.polylm.internal.untrusted.Utf8;

/**
 * A part of a text, trusted or not. It holds whole characters: half of a surrogate pair throws a
 * {@link PolyLmException}.
 *
 * <pre>{@code
 * TextPart form = new TextPart("</s>", true); // the special token
 * TextPart said = new TextPart("</s>", false); // four characters
 * }</pre>
 *
 * @param trusted true if special tokens in the text are parsed. A special token that crosses the
 *     end of a part is plain text.
 */
public record TextPart(String text, boolean trusted) {

  public TextPart {
    int half = Utf8.loneSurrogate(text);
    if (half >= 0) {
      throw new PolyLmException(
          "the text has half of a surrogate pair at character %s, expected whole characters"
              .formatted(half + 1));
    }
  }
}
