package dev.polylm.logits;

/**
 * Changes the model's logits before an id is chosen. Several threads may call it at once for
 * different rows, so an implementation must hold no state of a row.
 *
 * <pre>{@code
 * LogitsProcessor neverTwice =
 *     (inputIds, logits) -> logits[inputIds.get(inputIds.size() - 1)] = Float.NEGATIVE_INFINITY;
 * GenerationRequest request =
 *     GenerationRequest.ofPrompt("Hello").withProcessors(list -> list.custom(neverTwice));
 * }</pre>
 *
 * <p>With a {@linkplain dev.polylm.PolyLmOptions.Builder#draft draft model} it also sees rows that
 * end with guessed ids, which the answer may not have in the end.
 */
@FunctionalInterface
public interface LogitsProcessor {

  /**
   * Changes the logits of a row's next id in place.
   *
   * @param inputIds the row so far, prompt and new ids
   * @param logits [vocabSize], a higher logit makes its id likelier; minus infinity rules the id
   *     out
   */
  void process(TokenSequence inputIds, float[] logits);
}
