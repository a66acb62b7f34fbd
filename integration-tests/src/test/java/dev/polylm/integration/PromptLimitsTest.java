package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Prompts that are too long, too short, or no ids of the model. */
final class PromptLimitsTest {
  private static PolyLm polyLm;

  @BeforeAll
  static void open() {
    polyLm = PolyLm.openEmbedded();
  }

  @AfterAll
  static void close() {
    polyLm.close();
  }

  private static GenerationRequest ids(int length) {
    int[] ids = new int[length];
    Arrays.setAll(ids, i -> 300 + i);
    return GenerationRequest.ofIds(ids);
  }

  @Test
  void anEmptyPromptIsRefused() {
    assertThatThrownBy(() -> polyLm.generate(""))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("prompt is empty, must have at least one token");
    assertThatThrownBy(() -> polyLm.generate(GenerationRequest.ofIds()))
        .hasMessage("prompt is empty, must have at least one token");
  }

  @Test
  void aPromptThatFillsTheContextIsRefusedNotCut() {
    assertThatThrownBy(() -> polyLm.generate(ids(512)))
        .hasMessage("prompt has 512 tokens, must be fewer than the model's context of 512");
    assertThatThrownBy(() -> polyLm.generate(ids(600)))
        .hasMessageStartingWith(
            "prompt has 600 tokens, must be fewer than the model's context of 512");
  }

  @Test
  void aPromptOneShortOfTheContextIsAnsweredWithOneId() {
    GeneratedSequence answer = polyLm.generate(ids(511)).sequences().get(0);
    assertThat(answer.ids()).hasSize(1);
  }

  @Test
  void anAnswerEndsAtTheContext() {
    GenerationConfig config =
        GenerationConfig.builder().maxNewTokens(100).eosTokenId(List.of(8191)).build();
    GeneratedSequence answer = polyLm.generate(ids(502).withConfig(config)).sequences().get(0);
    assertThat(answer.ids()).hasSize(10);
    assertThat(answer.finishReason()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void aPromptAsLongAsMaxLengthIsRefused() {
    GenerationConfig config = GenerationConfig.builder().maxLength(20).build();
    assertThatThrownBy(() -> polyLm.generate(ids(20).withConfig(config)))
        .hasMessage("prompt has 20 tokens, must be fewer than max_length, which is 20");
  }

  @Test
  void idsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> polyLm.generate(GenerationRequest.ofIds(5, -1)))
        .hasMessage("id -1 at position 1 is out of range, expected 0 to 8191");
    assertThatThrownBy(() -> polyLm.generate(GenerationRequest.ofIds(8192)))
        .hasMessage("id 8192 at position 0 is out of range, expected 0 to 8191");
  }
}
