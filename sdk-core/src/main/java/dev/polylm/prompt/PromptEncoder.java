package dev.polylm.prompt;

import dev.polylm.PolyLmException;
import dev.polylm.tokenizer.TextPart;
import dev.polylm.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Prompts to ids. They are the ids of the prompt's whole text, as the model was trained on, but for
 * what poses as the form in parts that are not trusted:
 *
 * <ul>
 *   <li>special tokens there are plain text;
 *   <li>role markers there are plain text too, where the form's are special tokens. Where the
 *       vocabulary spells the form's in pieces of texts, the pieces of the others become the
 *       smallest there are (bytes), so that no such marker has the ids of the form's. They still
 *       decode to what was written.
 * </ul>
 */
public final class PromptEncoder {
  private PromptEncoder() {}

  /**
   * The ids of a prompt, with bos before and eos behind it where the model's tokenizer says so.
   *
   * @throws PolyLmException where a part that is not trusted holds a role marker and the vocabulary
   *     has one spelling of it alone; or the tokenizer is closed
   */
  public static int[] encode(Prompt prompt, Tokenizer tokenizer) {
    int[] ids = tokenizer.encodePrompt(prompt.parts());
    List<String> markers =
        prompt.markers().stream().filter(marker -> !isSpecial(marker, tokenizer)).toList();
    if (markers.isEmpty()) {
      return ids;
    }
    TokenText text = new TokenText(ids, tokenizer);
    BitSet forged = new BitSet();
    for (String marker : markers) {
      forged.or(forgedTokens(marker, text, prompt.parts(), tokenizer));
    }
    return text.respelled(forged);
  }

  private static boolean isSpecial(String marker, Tokenizer tokenizer) {
    return !Arrays.equals(tokenizer.encode(marker), tokenizer.encodeTrusted(marker));
  }

  /** The indexes of the tokens that spell a marker where the form has none. */
  private static BitSet forgedTokens(
      String marker, TokenText text, List<TextPart> parts, Tokenizer tokenizer) {
    BitSet forgedMarkers = new BitSet();
    int expected = 0;
    for (TextPart part : parts) {
      int count = new TokenText(tokenizer.encode(part.text()), tokenizer).find(marker).size();
      forgedMarkers.set(expected, expected + count, !part.trusted());
      expected += count;
    }
    List<TokenText.Place> found = text.find(marker);
    if (found.size() != expected) {
      throw new PolyLmException(
          "the prompt's ids spell the role marker %s %d times, its parts' %d times; expected the same, to tell whose each is"
              .formatted(marker, found.size(), expected));
    }
    BitSet forged = new BitSet();
    for (int i = 0; i < expected; i++) {
      TokenText.Place place = found.get(i);
      if (forgedMarkers.get(i)) {
        forged.set(place.firstToken(), place.endToken());
      } else if (!forgedMarkers.isEmpty() && text.isSmallest(place)) {
        throw new PolyLmException(
            "a message holds the role marker %s, expected none: the vocabulary has one spelling of it alone, so that the message would pose as another's"
                .formatted(marker));
      }
    }
    return forged;
  }
}
