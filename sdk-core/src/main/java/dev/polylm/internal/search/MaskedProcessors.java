package dev.polylm.internal.search;

import dev.polylm.PolyLmException;
import dev.polylm.internal.constraint.mask.Mask;
import dev.polylm.internal.constraint.mask.State;
import dev.polylm.internal.logits.ProcessorChain;
import dev.polylm.internal.logits.Workspace;
import dev.polylm.logits.TokenSequence;
import org.jspecify.annotations.Nullable;

/** The processors of a request, with the mask of each row's constraint between them. */
final class MaskedProcessors {
  private final ProcessorChain processors;
  private final Workspace workspace;

  MaskedProcessors(ProcessorChain processors, Workspace workspace) {
    this.processors = processors;
    this.workspace = workspace;
  }

  /**
   * Runs all processors on a row's logits.
   *
   * @param state the state of the row's constraint, or null if there is none
   * @return false if the constraint and the settings together rule out every id
   */
  boolean process(TokenSequence tokens, float[] logits, @Nullable State state) {
    if (state == null) {
      processors.process(tokens, logits, workspace);
      return true;
    }
    Mask mask = state.mask();
    return processors.process(
        tokens,
        logits,
        workspace,
        row -> {
          mask.apply(row);
          return isAnyLeft(row);
        });
  }

  private static boolean isAnyLeft(float[] logits) {
    for (float logit : logits) {
      if (logit != Float.NEGATIVE_INFINITY) {
        return true;
      }
    }
    return false;
  }

  /** Returns the error of a row in which no id is left. */
  static PolyLmException nothingLeft(TokenSequence tokens, State state) {
    int newTokens = tokens.size() - tokens.promptLength();
    return new PolyLmException(
        state.mask().isEmpty()
            ? "the constraint %s can't continue after %s new tokens: the vocabulary has no piece for the text that must follow"
                .formatted(state, newTokens)
            : "no id is left after %s new tokens: other settings, such as min_new_tokens, bad_words_ids, suppress_tokens or forced_eos_token_id, rule out every id that the constraint %s allows"
                .formatted(newTokens, state));
  }
}
