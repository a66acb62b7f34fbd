package dev.polylm.generation;

import java.util.concurrent.CompletionStage;

/**
 * A generation that runs while its caller does other work.
 *
 * <pre>{@code
 * GenerationHandle handle = polyLm.start(GenerationRequest.ofPrompt("Once upon a time"));
 * handle.thenAccept(result -> System.out.println(result.text()));
 * }</pre>
 *
 * <p>As a {@link CompletionStage} it completes with the result, or with the exception that the
 * generation or its listener threw. Dependent actions run on a thread of PolyLM that nothing else
 * waits for. Thread-safe.
 */
public interface GenerationHandle extends CompletionStage<GenerationResult> {

  /**
   * Ends the generation at once. The text generated so far is the result. Has no effect if the
   * generation has ended.
   */
  void cancel();

  /**
   * Waits for the result. If the waiting thread is interrupted, the generation is cancelled and the
   * interrupt flag stays set.
   *
   * @throws RuntimeException the exception that the generation or its listener threw
   */
  GenerationResult result();
}
