package dev.polylm.langchain4j;

import dev.polylm.logits.TokenLogProbability;
import java.util.List;

/**
 * The log-probability of an answer's token, from the model's own probabilities before temperature,
 * penalties and the like.
 *
 * <pre>{@code
 * try (PolyLmChatModel model = PolyLmChatModel.builder().logprobs(true).build()) {
 *   var response = model.chat(dev.langchain4j.data.message.UserMessage.from("Hello"));
 *   for (TokenLogprob token : ((PolyLmChatResponseMetadata) response.metadata()).logprobs()) {
 *     System.out.println(token.piece() + " " + token.logprob());
 *   }
 * }
 * }</pre>
 *
 * @param id from 0 to vocabSize - 1
 * @param piece the tokenizer's piece, in which a space is {@code ▁}
 * @param logprob natural logarithm, in [-inf, 0]
 * @param alternatives the most likely ids in its place, the most likely first; as many as
 *     topLogprobs
 */
public record TokenLogprob(
    int id, String piece, float logprob, List<TokenLogProbability> alternatives) {

  public TokenLogprob {
    alternatives = List.copyOf(alternatives);
  }
}
