package dev.polylm.internal.constraint.mask;

import dev.polylm.PolyLmException;
import dev.polylm.constraint.Constraint;
import dev.polylm.internal.constraint.grammar.Grammar;
import dev.polylm.internal.constraint.grammar.Program;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decodes under constraints with one tokenizer. It is made once for each tokenizer. All constraints
 * share its tables of pieces, and the masks of a constraint are kept for later answers. Threads
 * share it.
 */
public final class ConstraintDecoder {
  private static final long MAX_BYTES = 32L << 20;
  private static final float LOAD = 0.75f;

  private final long maxBytes;
  private final View first;
  private final View leading;
  private final View later;
  private final Map<Grammar, Kept> kept = new LinkedHashMap<>(16, LOAD, true);
  private long bytes; // of all that is kept, guarded by it

  /** Tables and their bytes when they were last used. */
  private record Kept(Masker masker, long bytes) {}

  public ConstraintDecoder(TokenVocabulary vocabulary) {
    this(vocabulary, MAX_BYTES);
  }

  /**
   * @param maxBytes how many bytes are kept for later answers
   */
  ConstraintDecoder(TokenVocabulary vocabulary, long maxBytes) {
    this.maxBytes = maxBytes;
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
    Masker masker = masker(program, null);
    return new State(this, program, endIds.clone(), masker, masker.start(), null);
  }

  /**
   * Returns the present tables of a constraint. Tables that have grown too large are dropped, and
   * states change over to new ones. If all together are too large, those that were not used for
   * longest are dropped. An answer that goes on keeps those that it has, since it holds them
   * anyway.
   *
   * @param own the tables of an answer that goes on, or null
   */
  Masker masker(Program program, @Nullable Masker own) {
    Masker usable = present(program, own);
    return usable == null ? added(program, new Masker(program.newAutomaton())) : usable;
  }

  private @Nullable Masker present(Program program, @Nullable Masker own) {
    synchronized (kept) {
      Kept known = kept.get(program.grammar());
      Masker masker = known == null ? own : known.masker;
      if (masker == null || masker.isFull()) {
        return null;
      }
      keep(program, masker);
      return masker;
    }
  }

  /** Adds new tables, unless another thread has just added some. */
  private Masker added(Program program, Masker made) {
    synchronized (kept) {
      Kept known = kept.get(program.grammar());
      Masker masker = known == null || known.masker.isFull() ? made : known.masker;
      keep(program, masker);
      return masker;
    }
  }

  private void keep(Program program, Masker masker) {
    long size = masker.sizeInBytes();
    Kept before = kept.put(program.grammar(), new Kept(masker, size));
    bytes += size - (before == null ? 0 : before.bytes);
    Iterator<Kept> oldest = kept.values().iterator();
    while (bytes > maxBytes * 3 / 4 && kept.size() > 1) {
      bytes -= oldest.next().bytes;
      oldest.remove();
    }
  }

  /** Returns about how many bytes are kept for later answers. */
  long keptBytes() {
    synchronized (kept) {
      return kept.values().stream().mapToLong(one -> one.masker.sizeInBytes()).sum();
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
