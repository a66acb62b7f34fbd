package dev.polylm.generation;

import dev.polylm.PolyLmException;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;

/** Checks that the ids in settings are ids of the model. */
final class VocabularyCheck {
  private final int vocabSize;

  private VocabularyCheck(int vocabSize) {
    this.vocabSize = vocabSize;
  }

  static void check(GenerationConfig config, int vocabSize) {
    VocabularyCheck check = new VocabularyCheck(vocabSize);
    check.ids(Settings.SEQUENCE_BIAS, nested(config.sequenceBias().keySet()));
    check.ids(Settings.LOGIT_BIAS, config.logitBias().keySet());
    check.ids(Settings.BAD_WORDS_IDS, nested(config.badWordsIds()));
    check.ids(Settings.SUPPRESS_TOKENS, config.suppressTokens());
    check.ids(Settings.BEGIN_SUPPRESS_TOKENS, config.beginSuppressTokens());
    check.ids(Settings.FORCED_EOS_TOKEN_ID, config.forcedEosTokenId());
    check.ids(Settings.EOS_TOKEN_ID, config.eosTokenId());
    check.ids(Settings.NEGATIVE_PROMPT_IDS, config.negativePromptIds().orElse(List.of()));
    check.ids(Settings.FORCED_BOS_TOKEN_ID, config.forcedBosTokenId().stream());
  }

  private static IntStream nested(Collection<List<Integer>> sequences) {
    return sequences.stream().flatMap(List::stream).mapToInt(Integer::intValue);
  }

  private void ids(Setting<?> setting, Collection<Integer> ids) {
    ids(setting, ids.stream().mapToInt(Integer::intValue));
  }

  private void ids(Setting<?> setting, IntStream ids) {
    ids.filter(id -> id >= vocabSize)
        .findFirst()
        .ifPresent(
            id -> {
              throw new PolyLmException(
                  "%s names id %s, must be below %s, the size of the model's vocabulary"
                      .formatted(setting, id, vocabSize));
            });
  }
}
