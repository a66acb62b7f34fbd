package dev.polylm.internal.search;

import dev.polylm.constraint.Constraint;
import dev.polylm.internal.constraint.mask.ConstraintDecoder;
import dev.polylm.internal.constraint.mask.State;
import dev.polylm.tokenizer.Tokenizer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The constraints of a model's requests. All of them share the tables of the tokenizer, which are
 * made for the first one. Thread-safe.
 */
public final class Constraints {
  private final Tokenizer tokenizer;
  private @Nullable ConstraintDecoder decoder; // guarded by this

  public Constraints(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * Returns the state before the first id of an answer. Call this on the caller's thread: it
   * computes the first mask, which often costs more than all later ones.
   *
   * @param endIds the ids that end an answer
   * @throws dev.polylm.PolyLmException if the mask costs too much
   */
  public State begin(Constraint constraint, List<Integer> endIds) {
    int[] ends = endIds.stream().mapToInt(Integer::intValue).toArray();
    State state = decoder().begin(constraint, ends);
    state.mask();
    return state;
  }

  private synchronized ConstraintDecoder decoder() {
    if (decoder == null) {
      decoder = new ConstraintDecoder(new TokenizerVocabulary(tokenizer));
    }
    return decoder;
  }
}
