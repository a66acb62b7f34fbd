package dev.polylm.internal.decoding;

import dev.polylm.PolyLmException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a task is to be served.
 *
 * @param priority of those that wait, the highest goes first
 * @param caller whose it is: callers share rows fairly; null for a caller of its own
 * @param timeout from the submission, the wait included; null for none
 */
public record DecodingTerms(int priority, @Nullable String caller, @Nullable Duration timeout) {

  public DecodingTerms {
    if (timeout != null && timeout.isNegative()) {
      throw new PolyLmException("the timeout is %s, must not be negative".formatted(timeout));
    }
  }

  /** Priority 0, no caller, no timeout. */
  public static DecodingTerms defaults() {
    return new DecodingTerms(0, null, null);
  }
}
