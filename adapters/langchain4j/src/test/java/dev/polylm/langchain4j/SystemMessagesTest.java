package dev.polylm.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.V;
import dev.polylm.PolyLm;
import dev.polylm.internal.chat.ReplyPrompts;
import dev.polylm.prompt.PromptForm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** System messages, of which a memory keeps one, not always at the beginning. */
class SystemMessagesTest {
  interface Instructed {
    @dev.langchain4j.service.SystemMessage("Today is {{day}}.")
    String chat(@V("day") String day, @dev.langchain4j.service.UserMessage String message);
  }

  /** A memory that drops a system message for a new one puts that behind the turns before. */
  @Test
  void instructionsThatChangeLeadTheConversation() {
    List<List<ChatMessage>> asked = new ArrayList<>();
    List<Integer> tokens = new ArrayList<>();
    try (PolyLm replies = PolyLm.open(Path.of(TestModels.replies()));
        PolyLmChatModel model =
            PolyLmChatModel.builder()
                .polyLm(replies)
                .maxOutputTokens(3)
                .listeners(
                    List.of(
                        new ChatModelListener() {
                          @Override
                          public void onResponse(ChatModelResponseContext context) {
                            asked.add(context.chatRequest().messages());
                            tokens.add(context.chatResponse().tokenUsage().inputTokenCount());
                          }
                        }))
                .build()) {
      Instructed assistant =
          AiServices.builder(Instructed.class)
              .chatModel(model)
              .chatMemory(MessageWindowChatMemory.withMaxMessages(10))
              .build();
      String reply = assistant.chat("Monday", "hello");
      assistant.chat("Tuesday", "hello");
      assertThat(asked.get(1))
          .containsExactly(
              UserMessage.from("hello"),
              AiMessage.from(reply),
              SystemMessage.from("Today is Tuesday."),
              UserMessage.from("hello"));
      assertThat(tokens.get(1))
          .isEqualTo(
              replies
                  .tokenizer()
                  .encode(
                      """
                      <|user|>
                      Today is Tuesday.
                      hello
                      <|assistant|>
                      %s
                      <|user|>
                      hello
                      <|assistant|>
                      """
                          .formatted(reply))
                  .length);
    }
  }

  @Test
  void severalInstructionsAreOne() {
    assertThat(
            ReplyPrompts.of(
                    PromptForm.CHAT,
                    ChatPrompts.messages(
                        List.of(
                            SystemMessage.from("a"),
                            UserMessage.from("c"),
                            SystemMessage.from("b"),
                            UserMessage.from("d")),
                        null))
                .text())
        .isEqualTo("<|user|>\na\nb\nc\nd\n<|assistant|>\n");
  }
}
