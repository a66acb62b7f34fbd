package dev.polylm.generation;

import java.util.concurrent.CompletionStage;

/**
 * A generation that runs while its caller does something else.
 *
 * <pre>{@code
 * GenerationHandle handle = polyLm.start(GenerationRequest.ofPrompt("Once upon a time"));
 * handle.thenAccept(result -> System.out.println(result.text()));
 * }</pre>
 *
 * <p>As a {@link CompletionStage} it completes with the result, or with what the generation or its
 * listener has thrown. Actions that depend on it run on a thread of PolyLM's that nothing else
 * waits for. Thread-safe.
 */
public interface GenerationHandle extends CompletionStage<GenerationResult> {

  /**
   * Ends the generation at once. What was generated so far is the result. Does nothing where it has
   * ended.
   */
  void cancel();

  /**
   * Waits for the result. Where the waiting thread is interrupted the generation is cancelled, and
   * the interrupt flag is set again.
   *
   * @throws RuntimeException what the generation or its listener has thrown
   */
  GenerationResult result();
}
