package dev.polylm.internal.engine;

import dev.polylm.internal.decoding.DecodingTask;
import java.util.Arrays;

/**
 * What the rows of a task read next.
 *
 * @param parents [rows]: which row of the step before each goes on from
 * @param ids [rows]: what each reads
 * @param draftIds guessed ids that the only row may read in the same run
 * @param heldIds how many of the ids that were read in the step before hold
 */
@SuppressWarnings("ArrayRecordComponent") // package-private, never compared
record NextStep(int[] parents, int[] ids, int[] draftIds, int heldIds) {

  /** What a task wants after it has taken its logits; nothing where it is finished. */
  static NextStep of(DecodingTask task) {
    int rows = task.finished() ? 0 : task.rows();
    int[] ids = new int[rows];
    Arrays.setAll(ids, task::nextId);
    int[] draftIds = rows == 0 ? new int[0] : task.draftIds();
    return new NextStep(Arrays.copyOf(task.parents(), rows), ids, draftIds, task.heldIds());
  }
}
