package dev.polylm.internal.constraint.mask;

import dev.polylm.PolyLmException;
import dev.polylm.constraint.Constraint;
import dev.polylm.internal.constraint.grammar.Grammar;
import dev.polylm.internal.constraint.grammar.Program;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Decodes under constraints with one tokenizer. It is made once for each tokenizer. All constraints
 * share its tables of pieces, and the masks of a constraint are kept for later answers. Threads
 * share it.
 */
public final class ConstraintDecoder {
  private static final long MAX_BYTES = 32L << 20;
  private static final float LOAD = 0.75f;

  private final View first;
  private final View leading;
  private final View later;
  private final Map<Grammar, Masker> maskers = new LinkedHashMap<>(16, LOAD, true);

  public ConstraintDecoder(TokenVocabulary vocabulary) {
    this.later = View.later(vocabulary);
    this.first = View.first(vocabulary, later);
    this.leading = View.leading(vocabulary, later);
  }

  /**
   * Returns the state before the first id of an answer.
   *
   * @param endIds the ids that end an answer
   * @throws PolyLmException if the constraint was not made by Constraint's own methods
   */
  public State begin(Constraint constraint, int... endIds) {
    if (!(constraint instanceof Program program)) {
      throw new PolyLmException(
          "a constraint must be made by the methods of Constraint, found "
              + constraint.getClass().getName());
    }
    Masker masker = masker(program);
    return new State(this, program, endIds.clone(), masker, masker.start(), null);
  }

  /**
   * Returns the present tables of a constraint. Tables that have grown too large, alone or
   * together, are dropped, and states change over to new ones.
   */
  Masker masker(Program program) {
    synchronized (maskers) {
      Masker masker = maskers.get(program.grammar());
      if (masker == null || masker.isFull()) {
        masker = new Masker(program.newAutomaton());
        maskers.put(program.grammar(), masker);
        giveUpOldest();
      }
      return masker;
    }
  }

  private void giveUpOldest() {
    long bytes = maskers.values().stream().mapToLong(Masker::sizeInBytes).sum();
    Iterator<Masker> oldest = maskers.values().iterator();
    while (bytes > MAX_BYTES * 3 / 4 && maskers.size() > 1) {
      bytes -= oldest.next().sizeInBytes();
      oldest.remove();
    }
  }

  /**
   * Returns the view for a place, by whether there are ids before it and whether they have written
   * anything.
   */
  View view(boolean started, boolean written) {
    return written ? later : started ? leading : first;
  }
}
