package dev.polylm.internal.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.generation.GenerationConfig;
import dev.polylm.internal.logits.TokenBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptLookupTest {

  @ParameterizedTest
  @CsvSource({"3, 100, 3", "100, 8, 7", "100, 1, 0", "2147483647, 100000, 255"})
  void guessesNoMoreThanTheAnswerAndARunHold(int asked, int maxNewTokens, int most) {
    GenerationConfig config = GenerationConfig.builder().promptLookupNumTokens(asked).build();
    PromptLookup lookup =
        Objects.requireNonNull(PromptLookup.of(config, maxNewTokens, new EarlierAnswers()));
    assertThat(lookup.maxIds()).isEqualTo(most);
  }

  /** The latest answer with the most equal ids counts, and only after the row itself. */
  @ParameterizedTest
  @CsvSource({
    "1 2 3 4, 9 9 3, 4 5",
    "1 2 3 4, 9 2 3, 4",
    "1 1 3 4, 9 2 3, 4 8 8",
    "1 2 3 4, 2 3 6 7 2 3, 6 7 2",
    "1 2 3 4, 9 9 7, ''",
    "1 2 3 4, 9 5, ''"
  })
  void guessesFromEarlierAnswers(String first, String row, String expected) {
    EarlierAnswers answers = new EarlierAnswers();
    answers.add(ids("2 3 4 8 8 8"));
    answers.add(ids(first));
    answers.add(ids("3 4 5"));
    GenerationConfig config =
        GenerationConfig.builder().promptLookupNumTokens(3).promptLookupAnswers(true).build();
    PromptLookup lookup = Objects.requireNonNull(PromptLookup.of(config, 50, answers));
    assertThat(lookup.draft(TokenBuffer.ofPrompt(ids(row)), 50)).isEqualTo(ids(expected));
  }

  private static int[] ids(String text) {
    return text.isEmpty()
        ? new int[0]
        : Arrays.stream(text.split(" ", -1)).mapToInt(Integer::parseInt).toArray();
  }

  @Test
  void forgetsTheOldestAnswers() {
    EarlierAnswers answers = new EarlierAnswers();
    answers.add(new int[] {1, 2});
    answers.add(new int[(1 << 16) - 2]);
    assertThat(answers.following(TokenBuffer.ofPrompt(1), 1, 5)).containsExactly(2);
    answers.add(new int[] {3, 4});
    assertThat(answers.following(TokenBuffer.ofPrompt(1), 1, 5)).isEmpty();
    assertThat(answers.following(TokenBuffer.ofPrompt(3), 1, 5)).containsExactly(4);
  }
}
