package dev.polylm.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.rag.AugmentationRequest;
import dev.langchain4j.rag.RetrievalAugmentor;
import dev.langchain4j.rag.query.Metadata;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GlossaryTest {
  private final RetrievalAugmentor augmentor = new Glossary().augmentor();

  /** Whatever a language inflects, the sentence of the country is the one found. */
  @Test
  void findsTermsInManyLanguages() {
    Map.of(
            "English ?Thailand", "Bangkok is the capital of Thailand.",
            "German ?Österreich", "Wien ist die Hauptstadt von Österreich.",
            "French ?Pologne", "Pologne – capitale : Varsovie.",
            "Polish ?Indonezja", "Indonezja — stolica: Dżakarta.",
            "Russian ?ЯПОНИЯ", "Япония — столица: Токио.",
            "Chinese ?奥地利", "维也纳是奥地利的首都。",
            "Korean ?프랑스", "프랑스의 수도는 파리입니다.",
            "Arabic ?إيطاليا", "إيطاليا – العاصمة: روما.")
        .forEach(
            (question, sentence) -> {
              List<String> parts = List.of(question.split(" \\?"));
              String ask = "\nTranslate this sentence from %s to Dutch.".formatted(parts.get(0));
              assertThat(augment(parts.get(1) + ask)).isEqualTo(sentence + ask);
            });
  }

  @Test
  void leavesAMessageWithoutItsTermAsItIs() {
    String message = "x9\nTranslate this sentence from Dutch to Chinese.";
    assertThat(augment(message)).isEqualTo(message);
  }

  private String augment(String text) {
    UserMessage message = UserMessage.from(text);
    Metadata metadata =
        Metadata.builder()
            .chatMessage(message)
            .invocationContext(InvocationContext.builder().build())
            .build();
    UserMessage augmented =
        (UserMessage) augmentor.augment(new AugmentationRequest(message, metadata)).chatMessage();
    return augmented.singleText();
  }
}
