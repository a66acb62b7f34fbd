package dev.polylm.internal.search;

import dev.polylm.generation.DraftCounts;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.internal.constraint.mask.State;
import dev.polylm.internal.logits.TokenBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Guesses the next ids of a sequence: the text that its constraint leaves no choice about, or else
 * what {@link PromptLookup} finds. Reading several ids in one run costs little more than reading
 * one. The model still chooses each id, because it may spell the same text with other pieces.
 */
final class Drafts {
  private static final int[] NO_IDS = {};
  private static final int MAX_FORCED_IDS = 16;

  private final @Nullable PromptLookup lookup;
  private final int maxForcedIds;
  private int drafted;
  private int accepted;

  /**
   * @param maxNewTokens the longest answer, whose last id is never a guess
   * @param constrained whether text that the constraint leaves no choice about may be guessed
   */
  Drafts(GenerationConfig config, int maxNewTokens, boolean constrained) {
    this.lookup = PromptLookup.of(config, maxNewTokens);
    this.maxForcedIds = constrained ? Math.min(MAX_FORCED_IDS, maxNewTokens - 1) : 0;
  }

  int maxIds() {
    return Math.max(maxForcedIds, lookup == null ? 0 : lookup.maxIds());
  }

  /**
   * Returns ids that may follow, or none. All of them are allowed.
   *
   * @param state the state of the constraint, or null if there is none
   */
  int[] draft(TokenBuffer tokens, @Nullable State state, int maxLength) {
    int[] ids = NO_IDS;
    int most = Math.min(maxForcedIds, maxLength - 1 - tokens.size());
    if (state != null && most > 0) {
      ids = state.forcedIds(most);
    }
    if (ids.length == 0 && lookup != null) {
      ids = lookup.draft(tokens, maxLength);
    }
    return state == null ? ids : state.allowed(ids);
  }

  void count(int newDrafted, int newAccepted) {
    drafted += newDrafted;
    accepted += newAccepted;
  }

  DraftCounts counts() {
    return new DraftCounts(drafted, accepted);
  }
}
