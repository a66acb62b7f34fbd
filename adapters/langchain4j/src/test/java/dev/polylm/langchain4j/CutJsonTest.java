package dev.polylm.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.listener.ChatModelErrorContext;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.service.AiServices;
import dev.polylm.constraint.UnfinishedAnswerException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** JSON that a limit cut is not taken for whole. */
class CutJsonTest {
  private static final String CARD =
      "Beijing is the capital of China.\nTranslate this sentence from English to Chinese.";

  private static final String CUT =
      "the answer ended after 3 tokens before its JSON was complete, at ";

  record Note(String text) {}

  /** A service whose answers have a schema. */
  interface Notes {
    Note note(String text);
  }

  @Test
  void aServiceSaysWhatToSet() {
    List<Throwable> heard = new ArrayList<>();
    ChatModelListener listener =
        new ChatModelListener() {
          @Override
          public void onError(ChatModelErrorContext context) {
            heard.add(context.error());
          }
        };
    try (PolyLmChatModel model =
        PolyLmChatModel.builder().maxOutputTokens(3).listeners(List.of(listener)).build()) {
      assertThatThrownBy(() -> AiServices.create(Notes.class, model).note(CARD))
          .isInstanceOf(UnfinishedAnswerException.class)
          .hasMessageStartingWith(CUT + "the limit: set a higher maxOutputTokens")
          .satisfies(e -> assertThat(((UnfinishedAnswerException) e).text()).startsWith("{"));
      assertThat(heard).singleElement().isInstanceOf(UnfinishedAnswerException.class);
    }
  }

  private static ChatRequest json(String stop) {
    return ChatRequest.builder()
        .messages(UserMessage.from(CARD))
        .responseFormat(ResponseFormat.JSON)
        .maxOutputTokens(3)
        .stopSequences(List.of(stop))
        .build();
  }

  @Test
  void jsonWithoutASchemaTooAndAtAnyEnd() {
    try (PolyLmChatModel model = PolyLmChatModel.builder().build()) {
      assertThatThrownBy(() -> model.chat(json("never written")))
          .isInstanceOf(UnfinishedAnswerException.class)
          .hasMessageStartingWith(CUT + "the limit");
      assertThatThrownBy(() -> model.chat(json("{")))
          .isInstanceOf(UnfinishedAnswerException.class)
          .hasMessageEndingWith("at a stop sequence: remove it");
    }
  }

  /** The pieces have been passed on already, and the finish reason tells. */
  @Test
  void aStreamEndsWithItsFinishReason() {
    try (PolyLmStreamingChatModel model = PolyLmStreamingChatModel.builder().build()) {
      Heard heard = new Heard();
      model.chat(json("never written"), heard);
      ChatResponse response = heard.chatResponse();
      assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
      assertThat(response.aiMessage().text()).startsWith("{").isEqualTo(heard.text());
    }
  }
}
