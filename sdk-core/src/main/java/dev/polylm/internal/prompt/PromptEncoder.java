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
 * Converts prompts to ids. They are the ids of the prompt's whole text, as in training, except for
 * text in untrusted parts that looks like the form's own:
 *
 * <ul>
 *   <li>special tokens there are plain text;
 *   <li>role markers there are plain text too, if the form's markers are special tokens. If the
 *       vocabulary spells the form's markers in pieces of text, the markers in untrusted parts are
 *       spelled in the smallest pieces (bytes). So they never have the ids of the form's markers,
 *       and still decode to the same text.
 * </ul>
 */
public final class PromptEncoder {
  private PromptEncoder() {}

  /**
   * Returns the ids of a prompt, with bos before and eos after it if the model's tokenizer says so.
   *
   * @throws PolyLmException if an untrusted part contains a role marker that the vocabulary can
   *     spell in only one way; also if the tokenizer is closed
   */
  public static int[] encode(Prompt prompt, Tokenizer tokenizer) {
    return guarded(tokenizer.encodePrompt(prompt.parts()), prompt, tokenizer);
  }

  /**
   * Returns the ids of a prompt that continues a text whose ids are known, such as {@link
   * PromptForm#nextTurn}. Neither bos nor eos is added.
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

  /** Returns which places of a marker in a prompt are in untrusted parts. */
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
          "the prompt's ids spell the role marker %s %s times, those of its parts %s times; expected the same number, so that each marker belongs to one part"
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
            "a message holds the role marker %s, expected none: the vocabulary has only one spelling of it, so the message would look like another role's"
                .formatted(marker));
      }
    }
    return tokens;
  }
}
