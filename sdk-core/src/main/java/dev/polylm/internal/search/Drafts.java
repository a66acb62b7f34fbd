package dev.polylm.internal.search;

import dev.polylm.generation.DraftCounts;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.internal.constraint.mask.State;
import dev.polylm.internal.decoding.DecodingTask;
import dev.polylm.internal.decoding.DecodingTask.RowLogits;
import dev.polylm.internal.logits.DrawnId;
import dev.polylm.internal.logits.TokenBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Guesses the next ids of a sequence. There are three sources: the text that its constraint leaves
 * no choice about, or else what {@link PromptLookup} finds, and a draft model. The longest guess is
 * read. Reading several ids in one run costs less than reading them one by one. The model still
 * chooses each id: a guess never changes an answer, only the time that it takes.
 */
final class Drafts {
  private static final int[] NO_IDS = {};
  private static final int MAX_FORCED_IDS = 16;

  private final @Nullable PromptLookup lookup;
  private final @Nullable ModelGuesses model; // null if no draft model may guess
  private final int maxForcedIds;
  private final int maxModelIds;
  private final boolean sampled;
  private int[] ids = NO_IDS; // the guess for the next step
  private boolean ofModel; // whether that is the draft model's
  private int drafted;
  private int accepted;

  /**
   * @param maxNewTokens the longest answer, whose last id is never a guess
   * @param constrained whether text that the constraint leaves no choice about may be guessed
   * @param answers the model's earlier answers
   * @param model what a draft model guesses; null if it may not
   */
  Drafts(
      GenerationConfig config,
      int maxNewTokens,
      boolean constrained,
      EarlierAnswers answers,
      @Nullable ModelGuesses model) {
    this.lookup = PromptLookup.of(config, maxNewTokens, answers);
    this.model = model;
    this.maxForcedIds = constrained ? Math.min(MAX_FORCED_IDS, maxNewTokens - 1) : 0;
    this.maxModelIds =
        model == null ? 0 : Math.min(DecodingTask.MAX_MODEL_GUESSES, maxNewTokens - 1);
    this.sampled = config.doSample();
  }

  int maxIds() {
    return Math.max(Math.max(maxForcedIds, maxModelIds), lookup == null ? 0 : lookup.maxIds());
  }

  /** Returns whether a draft model may guess. */
  boolean useModel() {
    return maxModelIds > 0;
  }

  /**
   * Guesses ids that may follow without a draft model, or none. All of them are allowed.
   *
   * @param state the state of the constraint, or null if there is none
   */
  void find(TokenBuffer tokens, @Nullable State state, int maxLength) {
    int[] found = NO_IDS;
    int most = Math.min(maxForcedIds, maxLength - 1 - tokens.size());
    if (state != null && most > 0) {
      found = state.forcedIds(most);
    }
    if (found.length == 0 && lookup != null) {
      found = lookup.draft(tokens, maxLength);
    }
    ids = state == null ? found : state.allowed(found);
    ofModel = false;
    if (model != null) {
      model.begin(tokens, state);
    }
  }

  /**
   * Lets the draft model guess one more id, and returns it, or none. If ids are drawn, its first
   * guess already replaces the others: what was drawn must not decide which guess is read.
   */
  int guess(RowLogits logits) {
    if (model == null || model.size() >= maxModelIds) {
      return DecodingTask.NO_GUESS;
    }
    int guess = model.guess(logits);
    if (model.size() > ids.length || (sampled && model.size() > 0)) {
      ids = model.ids();
      ofModel = true;
    }
    return guess;
  }

  int[] ids() {
    return ids;
  }

  void drop() {
    ids = NO_IDS;
  }

  /** Returns how the guess at an index was drawn, or null if it was not drawn. */
  @Nullable DrawnId drawn(int index) {
    return model != null && ofModel && index < ids.length ? model.drawn(index) : null;
  }

  void count(int newAccepted) {
    drafted += ids.length;
    accepted += newAccepted;
  }

  DraftCounts counts() {
    return new DraftCounts(drafted, accepted);
  }
}
