package dev.polylm.internal.chat;

import dev.polylm.PolyLmException;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationConfigBuilder;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads settings as interfaces give them that have a temperature, but no switch for draws. */
public final class ReplySettings {
  /** Each of these draws tokens unless the temperature is 0. */
  private static final Set<String> DRAWS =
      Set.of("temperature", "top_p", "top_k", "min_p", "typical_p");

  private ReplySettings() {}

  /**
   * Returns the settings of one answer.
   *
   * @param settings the settings that are set, by Hugging Face's names. A temperature of 0 always
   *     takes the most likely token; otherwise each setting of draws draws tokens.
   * @throws PolyLmException if one is out of range, or they contradict each other
   */
  public static GenerationConfig of(Map<String, Object> settings) {
    Map<String, Object> all = new TreeMap<>(settings);
    if (all.get("temperature") instanceof Number temperature && temperature.doubleValue() == 0) {
      all.keySet().removeAll(DRAWS);
      all.put("do_sample", false);
    } else if (!Collections.disjoint(all.keySet(), DRAWS)) {
      all.put("do_sample", true);
    }
    GenerationConfigBuilder builder = GenerationConfig.builder().numReturnSequences(1);
    all.forEach(builder::set);
    return builder.build();
  }
}
