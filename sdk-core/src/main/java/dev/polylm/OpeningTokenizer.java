package dev.polylm;

import dev.polylm.internal.model.ModelDirectory;
import dev.polylm.model.Manifest;
import dev.polylm.tokenizer.Tokenizer;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** A tokenizer that a thread opens while the weights are loaded, which takes about as long. */
final class OpeningTokenizer {
  private final FutureTask<Optional<Tokenizer>> opening;

  private OpeningTokenizer(ModelDirectory directory) {
    opening = new FutureTask<>(() -> open(directory));
  }

  /** Starts to open the tokenizer of a model, if it has one. Always await the end. */
  static OpeningTokenizer start(ModelDirectory directory) {
    OpeningTokenizer tokenizer = new OpeningTokenizer(directory);
    Thread thread = new Thread(tokenizer.opening, "polylm-tokenizer");
    thread.setDaemon(true);
    thread.start();
    return tokenizer;
  }

  private static Optional<Tokenizer> open(ModelDirectory directory) {
    Manifest manifest = directory.manifest();
    return Optional.ofNullable(manifest.tokenizer())
        .map(
            facts ->
                Tokenizer.open(
                    directory.file(ModelDirectory.TOKENIZER), facts, manifest.model().vocabSize()));
  }

  /**
   * Returns the tokenizer, or null if the model has none.
   *
   * @throws PolyLmException if it can't be opened
   */
  @Nullable Tokenizer await() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return opening.get().orElse(null);
        } catch (InterruptedException e) {
          interrupted = true; // the thread reads files that the caller may delete
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e.getCause() instanceof PolyLmException failure
          ? failure
          : new PolyLmException("the tokenizer can't be opened: " + e.getCause(), e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Waits for the end after a failure. Adds the tokenizer's own failure to another. */
  void abandon(Throwable cause) {
    try {
      Tokenizer tokenizer = await();
      if (tokenizer != null) {
        tokenizer.close();
      }
    } catch (RuntimeException | Error e) {
      if (e != cause) {
        cause.addSuppressed(e);
      }
    }
  }
}
