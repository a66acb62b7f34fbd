package dev.polylm.logits;

/**
 * The logits processors of a request, to which processors of one's own can be added: Hugging Face's
 * {@code LogitsProcessorList}. The processors that the settings ask for are in it already, in the
 * order of {@link Step}.
 *
 * <pre>{@code
 * LogitsProcessor neverId7 = (inputIds, logits) -> logits[7] = Float.NEGATIVE_INFINITY;
 * GenerationRequest request =
 *     GenerationRequest.ofPrompt("Hello").withProcessors(list -> list.before(Step.TEMPERATURE, neverId7));
 * }</pre>
 */
public interface LogitsProcessorList {

  /** Adds a processor where Hugging Face runs it, see {@link Step#CUSTOM}. */
  LogitsProcessorList custom(LogitsProcessor processor);

  /** Adds a processor before a step's place, even if the step itself is not used. */
  LogitsProcessorList before(Step step, LogitsProcessor processor);

  /** Adds a processor after a step's place, even if the step itself is not used. */
  LogitsProcessorList after(Step step, LogitsProcessor processor);
}
