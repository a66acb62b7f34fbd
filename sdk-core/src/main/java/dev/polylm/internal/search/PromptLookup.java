package dev.polylm.internal.search;

import dev.polylm.generation.GenerationConfig;
import dev.polylm.internal.decoding.DecodingTask;
import dev.polylm.internal.logits.TokenBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Guesses the next ids from the last ids. If the last ids occurred earlier in the prompt or the
 * answer, or in an earlier answer where the settings allow it, the ids that followed there may
 * follow again. Reading several ids in one run costs less than reading them one by one.
 *
 * <p>Source: {@code PromptLookupCandidateGenerator} of transformers 5.17.
 */
final class PromptLookup {
  private static final int[] NO_IDS = {};

  private final int maxIds;
  private final int maxNgramSize;
  private final @Nullable EarlierAnswers answers; // null if they are not used

  private PromptLookup(int maxIds, int maxNgramSize, @Nullable EarlierAnswers answers) {
    this.maxIds = maxIds;
    this.maxNgramSize = maxNgramSize;
    this.answers = answers;
  }

  /**
   * Returns the lookup that the settings ask for, or null if they don't.
   *
   * @param maxNewTokens the longest answer, whose last id is never a guess
   * @param answers the model's earlier answers
   */
  static @Nullable PromptLookup of(
      GenerationConfig config, int maxNewTokens, EarlierAnswers answers) {
    if (config.promptLookupNumTokens().isEmpty()) {
      return null;
    }
    int most = Math.min(DecodingTask.MAX_DRAFT_IDS, maxNewTokens - 1);
    return new PromptLookup(
        Math.min(config.promptLookupNumTokens().getAsInt(), most),
        config.maxMatchingNgramSize(),
        config.promptLookupAnswers() ? answers : null);
  }

  int maxIds() {
    return maxIds;
  }

  /**
   * Returns ids that may follow, or none if the last ids are new. The longest run of last ids is
   * tried first.
   */
  int[] draft(TokenBuffer tokens, int maxLength) {
    int most = Math.min(maxIds, maxLength - 1 - tokens.size());
    for (int size = Math.min(maxNgramSize, tokens.size() - 1); size > 0 && most > 0; size--) {
      for (int start = 0; start + size < tokens.size(); start++) {
        if (endsWith(tokens, start, size)) {
          return copy(tokens, start + size, Math.min(most, tokens.size() - start - size));
        }
      }
      int[] earlier = answers == null ? NO_IDS : answers.following(tokens, size, most);
      if (earlier.length > 0) {
        return earlier;
      }
    }
    return NO_IDS;
  }

  /** Returns true if the ids from start are the last ids. */
  private static boolean endsWith(TokenBuffer tokens, int start, int size) {
    int end = tokens.size() - size;
    for (int i = 0; i < size; i++) {
      if (tokens.get(start + i) != tokens.get(end + i)) {
        return false;
      }
    }
    return true;
  }

  private static int[] copy(TokenBuffer tokens, int from, int count) {
    int[] ids = new int[count];
    for (int i = 0; i < count; i++) {
      ids[i] = tokens.get(from + i);
    }
    return ids;
  }
}
