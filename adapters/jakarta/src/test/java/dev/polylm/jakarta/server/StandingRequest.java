package dev.polylm.jakarta.server;

import dev.polylm.generation.GenerationRequest;
import java.util.concurrent.CountDownLatch;

/** A request that takes its row and stands still there until it is let go on. */
public final class StandingRequest {
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);

  public GenerationRequest request() {
    return GenerationRequest.ofPrompt("a")
        .withProcessors(
            chain ->
                chain.custom(
                    (inputIds, logits) -> {
                      begun.countDown();
                      await(goOn);
                    }));
  }

  /** Waits until it has its row. */
  public void awaitBegun() {
    await(begun);
  }

  public void goOn() {
    goOn.countDown();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
