package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmOptions;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.scoring.Score;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Answers whose prompts begin as others did are those that are read from the start. */
final class PrefixReuseTest {
  private static final String BEGINNING = "Beijing is the capital of China.\n".repeat(8);
  private static final List<String> LANGUAGES =
      List.of("Chinese", "German", "Thai", "Hebrew", "Arabic", "Korean", "German");
  private static final String SETTINGS = "{\"max_new_tokens\": 32, \"output_logprobs\": true";

  private static PolyLm open(boolean prefixReuse) {
    return PolyLm.openEmbedded(PolyLmOptions.builder().prefixReuse(prefixReuse).build());
  }

  private static String prompt(String language) {
    return BEGINNING + "Translate this sentence from English to " + language + ".";
  }

  @Test
  void theTokensAreTheSameAndTheProbabilitiesAlmost() {
    try (PolyLm with = open(true);
        PolyLm without = open(false)) {
      for (String more :
          List.of(
              ", \"do_sample\": false}",
              ", \"do_sample\": true, \"seed\": 3, \"num_return_sequences\": 2}")) {
        for (String language : LANGUAGES) {
          GenerationRequest request =
              GenerationRequest.ofPrompt(prompt(language))
                  .withConfig(GenerationConfig.fromJson(SETTINGS + more));
          check(with.generate(request).sequences(), without.generate(request).sequences());
        }
      }
    }
  }

  private static void check(List<GeneratedSequence> found, List<GeneratedSequence> expected) {
    for (int i = 0; i < expected.size(); i++) {
      assertThat(found.get(i).ids()).isEqualTo(expected.get(i).ids());
      check(found.get(i).tokenLogprobs(), expected.get(i).tokenLogprobs());
    }
  }

  private static void check(float[] found, float[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(found[i]).isCloseTo(expected[i], within(1e-5f));
    }
  }

  @Test
  void theScoresAreAlmostTheSame() {
    try (PolyLm with = open(true);
        PolyLm without = open(false)) {
      for (String language : LANGUAGES) {
        Score score = with.score(prompt(language), "\nPeking ist die Hauptstadt von China.");
        Score whole = without.score(prompt(language), "\nPeking ist die Hauptstadt von China.");
        check(score.tokenLogprobs(), whole.tokenLogprobs());
      }
    }
  }
}
