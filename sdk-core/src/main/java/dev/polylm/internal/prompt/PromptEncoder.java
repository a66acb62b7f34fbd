package dev.polylm.internal.prompt;

import dev.polylm.PolyLmException;
import dev.polylm.prompt.Prompt;
import dev.polylm.prompt.PromptForm;
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
   * Returns the ids of a prompt, with bos before and eos behind it where the model's tokenizer says so.
   *
   * @throws PolyLmException if a part that is not trusted holds a role marker and the vocabulary
   *     has one spelling of it alone; or the tokenizer is closed
   */
  public static int[] encode(Prompt prompt, Tokenizer tokenizer) {
    return guarded(tokenizer.encodePrompt(prompt.parts()), prompt, tokenizer);
  }

  /**
   * Returns the ids of a prompt that goes on a text whose ids are known, such as {@link
   * PromptForm#nextTurn}; neither bos nor eos is added.
   *
   * @throws PolyLmException as {@link #encode} does
   */
  public static int[] encodeContinuation(Prompt prompt, Tokenizer tokenizer) {
    return guarded(tokenizer.encodeContinuation(prompt.parts()), prompt, tokenizer);
  }

  private static int[] guarded(int[] ids, Prompt prompt, Tokenizer tokenizer) {
    List<String> markers =
        prompt.markers().stream().filter(marker -> !isSpecial(marker, tokenizer)).toList();
    if (markers.isEmpty()) {
      return ids;
    }
    TokenText text = new TokenText(ids, tokenizer);
    List<TokenText> parts =
        prompt.parts().stream()
            .map(part -> new TokenText(tokenizer.encode(part.text()), tokenizer))
            .toList();
    BitSet respelled = new BitSet();
    for (String marker : markers) {
      List<TokenText.Place> places = text.find(marker);
      BitSet forged = forged(marker, prompt.parts(), parts, places.size());
      if (!forged.isEmpty()) {
        respelled.or(tokens(marker, text, places, forged));
      }
    }
    return text.respelled(respelled);
  }

  private static boolean isSpecial(String marker, Tokenizer tokenizer) {
    return !Arrays.equals(tokenizer.encode(marker), tokenizer.encodeTrusted(marker));
  }

  /** Returns which of a marker's places in a prompt are in parts that are not trusted. */
  private static BitSet forged(
      String marker, List<TextPart> parts, List<TokenText> partTexts, int places) {
    BitSet forged = new BitSet();
    int expected = 0;
    for (int i = 0; i < parts.size(); i++) {
      int count = partTexts.get(i).find(marker).size();
      forged.set(expected, expected + count, !parts.get(i).trusted());
      expected += count;
    }
    if (places != expected) {
      throw new PolyLmException(
          "the prompt's ids spell the role marker %s %d times, its parts' %d times; expected the same, to tell whose each is"
              .formatted(marker, places, expected));
    }
    return forged;
  }

  /** Returns the indexes of the tokens that spell forged markers. */
  private static BitSet tokens(
      String marker, TokenText text, List<TokenText.Place> places, BitSet forged) {
    BitSet tokens = new BitSet();
    for (int i = 0; i < places.size(); i++) {
      TokenText.Place place = places.get(i);
      if (forged.get(i)) {
        tokens.set(place.firstToken(), place.endToken());
      } else if (text.isSmallest(place)) {
        throw new PolyLmException(
            "a message holds the role marker %s, expected none: the vocabulary has one spelling of it alone, so that the message would pose as another's"
                .formatted(marker));
      }
    }
    return tokens;
  }
}
