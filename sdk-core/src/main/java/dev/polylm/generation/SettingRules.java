package dev.polylm.generation;

import dev.polylm.PolyLmException;
import java.util.HashSet;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The rules about several settings. A rule is checked as soon as all its settings are known. In a
 * new request these are the settings that were set. In a request merged with a model's defaults
 * these are all settings.
 *
 * <p>A setting that would have no effect is an error only if the request itself sets it. So a
 * greedy request works with a model whose file gives a temperature.
 */
final class SettingRules {
  private static final List<Setting<?>> SAMPLING_ONLY =
      List.of(
          Settings.TEMPERATURE,
          Settings.TOP_K,
          Settings.TOP_P,
          Settings.MIN_P,
          Settings.TOP_H,
          Settings.TYPICAL_P,
          Settings.EPSILON_CUTOFF,
          Settings.ETA_CUTOFF);
  private static final List<Setting<?>> BEAMS_ONLY =
      List.of(Settings.EARLY_STOPPING, Settings.LENGTH_PENALTY);

  private final SettingValues values;
  private final boolean complete;

  private SettingRules(SettingValues values, boolean complete) {
    this.values = values;
    this.complete = complete;
  }

  /**
   * Checks all rules.
   *
   * @param complete true if the model's defaults are merged in, so that a setting that is not set
   *     has its default value
   * @throws PolyLmException if settings contradict each other; the message names them and their
   *     values
   */
  static void check(SettingValues values, boolean complete) {
    SettingRules rules = new SettingRules(values, complete);
    rules.checkAlternatives();
    rules.checkLengths();
    rules.checkSampling();
    rules.checkBeams();
    rules.checkReturnSequences();
    rules.checkPromptLookup();
    rules.checkForcedTokens();
    rules.checkDependents();
  }

  private void checkAlternatives() {
    checkNotBoth(Settings.MAX_LENGTH, Settings.MAX_NEW_TOKENS);
    checkNotBoth(Settings.MIN_LENGTH, Settings.MIN_NEW_TOKENS);
    checkNotBoth(Settings.NEGATIVE_PROMPT, Settings.NEGATIVE_PROMPT_IDS);
  }

  /**
   * Checks that not both settings are set. A model's file may set both, as in Hugging Face: then
   * the second applies.
   */
  private void checkNotBoth(Setting<?> first, Setting<?> second) {
    if (isRequested(first) && isRequested(second)) {
      throw new PolyLmException(
          "%s and %s are both set; set only one of them".formatted(say(first), say(second)));
    }
  }

  private void checkLengths() {
    checkAtMost(Settings.MIN_NEW_TOKENS, Settings.MAX_NEW_TOKENS);
    if (!values.isSet(Settings.MIN_NEW_TOKENS) && !values.isSet(Settings.MAX_NEW_TOKENS)) {
      checkAtMost(Settings.MIN_LENGTH, Settings.MAX_LENGTH);
    }
  }

  private void checkAtMost(Setting<Integer> lower, Setting<Integer> upper) {
    Integer least = values.get(lower);
    Integer most = values.get(upper);
    if (least != null && most != null && least > most) {
      throw new PolyLmException(
          "%s is %s, must be at most %s, which is %s".formatted(lower, least, upper, most));
    }
  }

  private void checkSampling() {
    if (known(Settings.DO_SAMPLE, doSample -> !doSample)) {
      checkNoEffect(SAMPLING_ONLY, "do_sample is false; set do_sample to true");
    }
  }

  private void checkBeams() {
    if (known(Settings.NUM_BEAMS, beams -> beams == 1)) {
      checkNoEffect(BEAMS_ONLY, "num_beams is 1; set num_beams above 1");
    }
  }

  private void checkNoEffect(List<Setting<?>> settings, String reason) {
    for (Setting<?> setting : settings) {
      if (values.isAskedFor(setting)) {
        throw new PolyLmException(
            "%s, but %s or leave %s out".formatted(say(setting), reason, setting));
      }
    }
  }

  private void checkReturnSequences() {
    int rows = values.effective(Settings.NUM_RETURN_SEQUENCES);
    Integer beams = known(Settings.NUM_BEAMS);
    if (beams == null || rows == 1) {
      return;
    }
    if (beams > 1 && rows > beams) {
      throw new PolyLmException(
          "num_return_sequences is %s, must be at most num_beams, which is %s"
              .formatted(rows, beams));
    }
    if (beams == 1 && known(Settings.DO_SAMPLE, doSample -> !doSample)) {
      throw new PolyLmException(
          "num_return_sequences is %s, must be 1 if num_beams is 1 and do_sample is false: greedy decoding gives one answer"
              .formatted(rows));
    }
  }

  private void checkPromptLookup() {
    if (!values.isSet(Settings.PROMPT_LOOKUP_NUM_TOKENS)) {
      return;
    }
    checkNoLookup(Settings.NUM_BEAMS, beams -> beams > 1);
    checkNoLookup(Settings.DO_SAMPLE, doSample -> doSample);
    checkNoLookup(Settings.GUIDANCE_SCALE, scale -> scale != 1);
  }

  private <T> void checkNoLookup(Setting<T> setting, Predicate<T> other) {
    if (known(setting, other)) {
      throw new PolyLmException(
          "%s, but %s: prompt lookup works only with greedy decoding"
              .formatted(say(Settings.PROMPT_LOOKUP_NUM_TOKENS), say(setting)));
    }
  }

  /** Checks that no forced id is suppressed: that would leave nothing to choose. */
  private void checkForcedTokens() {
    HashSet<Integer> suppressed = new HashSet<>(values.effective(Settings.SUPPRESS_TOKENS));
    List<Integer> eos = values.effective(Settings.FORCED_EOS_TOKEN_ID);
    if (!eos.isEmpty() && suppressed.containsAll(eos)) {
      throw forcedAndSuppressed(Settings.FORCED_EOS_TOKEN_ID);
    }
    Integer bos = values.get(Settings.FORCED_BOS_TOKEN_ID);
    if (bos != null && suppressed.contains(bos)) {
      throw forcedAndSuppressed(Settings.FORCED_BOS_TOKEN_ID);
    }
  }

  private PolyLmException forcedAndSuppressed(Setting<?> forced) {
    return new PolyLmException(
        "%s, but %s: an id can't be forced and suppressed"
            .formatted(say(forced), say(Settings.SUPPRESS_TOKENS)));
  }

  /** Checks the settings that have an effect only with another. */
  private void checkDependents() {
    for (Setting<?> negative : List.of(Settings.NEGATIVE_PROMPT, Settings.NEGATIVE_PROMPT_IDS)) {
      checkNeeds(negative, Settings.GUIDANCE_SCALE, scale -> scale != 1, "other than 1");
    }
    checkNeeds(Settings.INCLUDE_STOP_STRING, Settings.STOP_STRINGS, stops -> !stops.isEmpty(), "");
    checkNeeds(Settings.TOP_LOGPROBS, Settings.OUTPUT_LOGPROBS, logprobs -> logprobs, "to be true");
    for (Setting<?> ofLookup :
        List.of(Settings.MAX_MATCHING_NGRAM_SIZE, Settings.PROMPT_LOOKUP_ANSWERS)) {
      if (values.isAskedFor(ofLookup)
          && complete
          && !values.isSet(Settings.PROMPT_LOOKUP_NUM_TOKENS)) {
        throw needs(ofLookup, Settings.PROMPT_LOOKUP_NUM_TOKENS, "");
      }
    }
    if (values.isSet(Settings.EXPONENTIAL_DECAY_LENGTH_PENALTY)
        && known(Settings.EOS_TOKEN_ID, List::isEmpty)) {
      throw needs(Settings.EXPONENTIAL_DECAY_LENGTH_PENALTY, Settings.EOS_TOKEN_ID, "");
    }
  }

  private <T> void checkNeeds(
      Setting<?> dependent, Setting<T> base, Predicate<T> satisfied, String how) {
    if (values.isAskedFor(dependent) && known(base, satisfied.negate())) {
      throw needs(dependent, base, how);
    }
  }

  private PolyLmException needs(Setting<?> dependent, Setting<?> base, String how) {
    return new PolyLmException(
        "%s, which needs %s %s".formatted(say(dependent), base, how).strip());
  }

  private boolean isRequested(Setting<?> setting) {
    return values.isSet(setting) && !values.isInherited(setting);
  }

  private <T> boolean known(Setting<T> setting, Predicate<T> test) {
    T value = known(setting);
    return value != null && test.test(value);
  }

  /** Returns the value that applies, or null if the defaults may still set it. */
  private <T> @Nullable T known(Setting<T> setting) {
    T value = values.get(setting);
    return value == null && complete ? setting.defaultValue() : value;
  }

  private <T> String say(Setting<T> setting) {
    T value = values.get(setting);
    return value == null
        ? setting.name()
        : setting.name() + " is " + GenerationConfigJson.shorten(setting.type().write(value));
  }
}
