package dev.polylm.cli.hub;

import dev.polylm.PolyLmException;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether to try again after a break, and waits before: as long as the hub asks for, or
 * else twice as long each time. Not thread-safe.
 */
final class Retries {
  private static final int MOST_IN_A_ROW = 6;

  private final Duration first;
  private final Consumer<String> notes;
  private int inARow;

  /**
   * @param first how long to wait after the first break
   * @param notes gets a sentence before each wait
   */
  Retries(Duration first, Consumer<String> notes) {
    this.first = first;
    this.notes = notes;
  }

  /**
   * Waits before the next try.
   *
   * @param progressed whether bytes came since the last break
   * @throws PolyLmException after too many breaks without a byte between them
   */
  void await(String what, boolean progressed, IOException reason) throws InterruptedException {
    inARow = progressed ? 1 : inARow + 1;
    if (inARow > MOST_IN_A_ROW) {
      throw new PolyLmException(
          "%s: can't be had, after %s tries: %s; the same command goes on where this one ended"
              .formatted(what, inARow, inWords(reason)),
          reason);
    }
    long asked = reason instanceof HubClient.TryAgainException busy ? busy.seconds() * 1000 : 0;
    long wait = Math.max(asked, first.toMillis() << (inARow - 1));
    notes.accept(
        "%s: %s; trying again in %s s".formatted(what, inWords(reason), (wait + 999) / 1000));
    Thread.sleep(wait);
  }

  /** Java's message is null where no connection can be made. */
  private static @Nullable String inWords(IOException reason) {
    return reason.getMessage() == null && reason instanceof ConnectException
        ? "no connection can be made"
        : reason.getMessage();
  }
}
