package dev.polylm.scoring;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ids of which the last are scored.
 *
 * @param ids context and continuation
 * @param first where the continuation begins, at least 1 for a score
 * @param size how long the continuation is as a text, null where it is not known
 */
@SuppressWarnings("ArrayRecordComponent") // package-private, never compared
record ScoredIds(int[] ids, int first, @Nullable TextSize size) {

  /** How many first ids all texts share, none of them the last before a continuation. */
  static int shared(List<ScoredIds> texts) {
    int[] some = texts.get(0).ids;
    int shared = texts.get(0).first - 1;
    for (ScoredIds text : texts) {
      int same = Arrays.mismatch(some, text.ids);
      shared = Math.min(shared, text.first - 1);
      shared = same < 0 ? shared : Math.min(shared, same);
    }
    return shared;
  }
}
