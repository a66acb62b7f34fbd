package dev.polylm.internal.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.generation.GenerationConfig;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptLookupTest {

  @ParameterizedTest
  @CsvSource({"3, 100, 3", "100, 8, 7", "100, 1, 0", "2147483647, 100000, 255"})
  void guessesNoMoreThanTheAnswerAndARunHold(int asked, int maxNewTokens, int most) {
    GenerationConfig config = GenerationConfig.builder().promptLookupNumTokens(asked).build();
    PromptLookup lookup = Objects.requireNonNull(PromptLookup.of(config, maxNewTokens));
    assertThat(lookup.maxIds()).isEqualTo(most);
  }
}
