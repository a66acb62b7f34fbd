package dev.polylm.logits;

/**
 * The logits processors of a request, like Hugging Face's {@code LogitsProcessorList}. It already
 * holds the processors for the request's settings, in the order of {@link Step}. You can add your
 * own.
 *
 * <pre>{@code
 * LogitsProcessor neverId7 = (inputIds, logits) -> logits[7] = Float.NEGATIVE_INFINITY;
 * GenerationRequest request =
 *     GenerationRequest.ofPrompt("Hello").withProcessors(list -> list.before(Step.TEMPERATURE, neverId7));
 * }</pre>
 */
public interface LogitsProcessorList {

  /** Adds a processor where Hugging Face runs a user's own processors; see {@link Step#CUSTOM}. */
  LogitsProcessorList custom(LogitsProcessor processor);

  /** Adds a processor before a step's place, even if the step itself is not used. */
  LogitsProcessorList before(Step step, LogitsProcessor processor);

  /** Adds a processor after a step's place, even if the step itself is not used. */
  LogitsProcessorList after(Step step, LogitsProcessor processor);
}
