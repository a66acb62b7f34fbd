package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import dev.polylm.prompt.ChatMessage;
import dev.polylm.prompt.Language;
import dev.polylm.prompt.Prompt;
import dev.polylm.prompt.PromptForm;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prompts in the models' forms, answered. */
final class ChatTest {
  private static PolyLm polyLm;

  @BeforeAll
  static void open() {
    polyLm = PolyLm.openEmbedded();
  }

  @AfterAll
  static void close() {
    polyLm.close();
  }

  private static String answer(Prompt prompt) {
    return polyLm.generate(GenerationRequest.ofPrompt(prompt)).text();
  }

  @Test
  void theManifestNamesTheForm() {
    assertThat(polyLm.promptForm()).isEqualTo(PromptForm.BASE);
  }

  @Test
  void aTranslationIsAskedForAsTheCardDoes() {
    String text = "Beijing is the capital of China.";
    Prompt card = PromptForm.BASE.translation(text, Language.ENGLISH, Language.CHINESE);
    assertThat(answer(card)).isEqualTo("\n北京是中国的首都。");
    Prompt chat = PromptForm.CHAT.translation(text, Language.ENGLISH, Language.CHINESE);
    assertThat(answer(chat)).isEqualTo("北京是中国的首都。");
  }

  @Test
  void aConversationIsAnswered() {
    String ask = "Paris is the capital of France.\nTranslate this sentence from English to Dutch.";
    assertThat(answer(PromptForm.CHAT.chat(List.of(ChatMessage.user(ask)))))
        .isEqualTo("Parijs is de hoofdstad van Frankrijk.");
  }

  /** The settings of the model cards: of the base and chat models, and of multialpaca. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"do_sample\": false, \"num_beams\": 4, \"max_length\": 128, \"early_stopping\": true}",
        "{\"do_sample\": true, \"top_p\": 0.8, \"temperature\": 0.7,"
            + " \"repetition_penalty\": 1.02, \"max_new_tokens\": 128, \"num_beams\": 1,"
            + " \"num_return_sequences\": 1, \"early_stopping\": false, \"seed\": 1}"
      })
  void theCardsSettingsRun(String json) {
    for (PromptForm form : PromptForm.values()) {
      GenerationResult result =
          polyLm.generate(
              GenerationRequest.ofPrompt(form.single("Peking ist die Hauptstadt von China."))
                  .withConfig(GenerationConfig.fromJson(json)));
      assertThat(result.sequences()).hasSize(1);
      assertThat(result.sequences().get(0).ids()).isNotEmpty();
    }
  }
}
