package dev.polylm.logits;

/**
 * One step between the model's logits and the chosen id. It may be called from several threads at
 * once, for different rows, so an implementation holds no state of a row.
 *
 * <pre>{@code
 * LogitsProcessor neverTwice =
 *     (inputIds, logits) -> logits[inputIds.get(inputIds.size() - 1)] = Float.NEGATIVE_INFINITY;
 * GenerationRequest request =
 *     GenerationRequest.ofPrompt("Hello").withProcessors(list -> list.custom(neverTwice));
 * }</pre>
 */
@FunctionalInterface
public interface LogitsProcessor {

  /**
   * Changes the logits of a row's next id in place.
   *
   * @param inputIds the row so far, prompt and new ids
   * @param logits [vocabSize], the higher the likelier; minus infinity rules an id out
   */
  void process(TokenSequence inputIds, float[] logits);
}
