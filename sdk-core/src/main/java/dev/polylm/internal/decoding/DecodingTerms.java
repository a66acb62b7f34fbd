package dev.polylm.internal.decoding;

import dev.polylm.PolyLmException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a task is to be served.
 *
 * @param priority of those that wait, the highest goes first; those of one priority go in their
 *     order
 * @param timeout from the submission, the wait included; null for none
 */
public record DecodingTerms(int priority, @Nullable Duration timeout) {

  public DecodingTerms {
    if (timeout != null && timeout.isNegative()) {
      throw new PolyLmException("the timeout is %s, must not be negative".formatted(timeout));
    }
  }

  /** Priority 0, no timeout. */
  public static DecodingTerms defaults() {
    return new DecodingTerms(0, null);
  }
}
