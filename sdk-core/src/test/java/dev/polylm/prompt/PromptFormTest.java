package dev.polylm.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import dev.polylm.tokenizer.TextPart;
import java.util.List;
import org.junit.jupiter.api.Test;

class PromptFormTest {
  private static final ChatMessage S = ChatMessage.system("S");
  private static final ChatMessage A = ChatMessage.user("A");
  private static final ChatMessage B = ChatMessage.assistant("B");
  private static final ChatMessage C = ChatMessage.user("C");

  @Test
  void oneRequestIsAsTheCardsShow() {
    assertThat(PromptForm.BASE.single("A").text()).isEqualTo("A");
    assertThat(PromptForm.MULTIALPACA.single("A").text()).isEqualTo("A\n\n");
    assertThat(PromptForm.CHAT.single("A").text()).isEqualTo("<|user|>\nA\n<|assistant|>\n");
  }

  @Test
  void turnsFollowEachOther() {
    List<ChatMessage> messages = List.of(A, B, C);
    assertThat(PromptForm.BASE.chat(messages).text()).isEqualTo("A\nB\nC");
    assertThat(PromptForm.MULTIALPACA.chat(messages).text()).isEqualTo("A\n\nB\n\nC\n\n");
    assertThat(PromptForm.CHAT.chat(messages).text())
        .isEqualTo("<|user|>\nA\n<|assistant|>\nB\n<|user|>\nC\n<|assistant|>\n");
  }

  @Test
  void theSystemsTextBeginsTheFirstRequest() {
    List<ChatMessage> messages = List.of(S, A);
    assertThat(PromptForm.BASE.chat(messages).text()).isEqualTo("S\nA");
    assertThat(PromptForm.MULTIALPACA.chat(messages).text()).isEqualTo("S\nA\n\n");
    assertThat(PromptForm.CHAT.chat(messages).text()).isEqualTo("<|user|>\nS\nA\n<|assistant|>\n");
  }

  @Test
  void messagesOfOneRoleAreOneTurn() {
    assertThat(PromptForm.CHAT.chat(List.of(A, C, B, B, A)).text())
        .isEqualTo("<|user|>\nA\nC\n<|assistant|>\nB\nB\n<|user|>\nA\n<|assistant|>\n");
  }

  @Test
  void aConversationWithoutItsBeginningStartsWithAReply() {
    assertThat(PromptForm.BASE.chat(List.of(B, C)).text()).isEqualTo("B\nC");
    assertThat(PromptForm.MULTIALPACA.chat(List.of(B, C)).text()).isEqualTo("B\n\nC\n\n");
    assertThat(PromptForm.CHAT.chat(List.of(B, C)).text())
        .isEqualTo("<|assistant|>\nB\n<|user|>\nC\n<|assistant|>\n");
    assertThat(PromptForm.BASE.chat(List.of(S, B, C)).text()).isEqualTo("S\nB\nC");
    assertThat(PromptForm.MULTIALPACA.chat(List.of(S, B, C)).text()).isEqualTo("S\n\nB\n\nC\n\n");
    assertThat(PromptForm.CHAT.chat(List.of(S, B, C)).text())
        .isEqualTo("<|user|>\nS\n<|assistant|>\nB\n<|user|>\nC\n<|assistant|>\n");
  }

  @Test
  void onlyTheFormIsTrusted() {
    assertThat(PromptForm.CHAT.chat(List.of(S, A, B, C)).parts())
        .containsExactly(
            new TextPart("<|user|>\n", true),
            new TextPart("S", false),
            new TextPart("\n", true),
            new TextPart("A", false),
            new TextPart("\n<|assistant|>\n", true),
            new TextPart("B", false),
            new TextPart("\n<|user|>\n", true),
            new TextPart("C", false),
            new TextPart("\n<|assistant|>\n", true));
    assertThat(PromptForm.BASE.single("A").parts()).containsExactly(new TextPart("A", false));
  }

  @Test
  void translatesAsTheCardsShow() {
    String text = "Beijing is the capital of China.";
    String request = text + "\nTranslate this sentence from English to Chinese.";
    assertThat(PromptForm.BASE.translation(text, Language.ENGLISH, Language.CHINESE).text())
        .isEqualTo(request);
    assertThat(PromptForm.MULTIALPACA.translation(text, Language.ENGLISH, Language.CHINESE).text())
        .isEqualTo(request + "\n\n");
    assertThat(PromptForm.CHAT.translation(text, Language.ENGLISH, Language.CHINESE).text())
        .isEqualTo("<|user|>\n" + request + "\n<|assistant|>\n");
  }

  @Test
  void aTranslationsTextIsNotTrusted() {
    assertThat(PromptForm.BASE.translation("A", Language.THAI, Language.HEBREW).parts())
        .containsExactly(
            new TextPart("A", false),
            new TextPart("\nTranslate this sentence from Thai to Hebrew.", true));
  }

  @Test
  void formsHaveTheNamesOfTheManifest() {
    assertThat(List.of("base", "multialpaca", "chat"))
        .map(PromptForm::of)
        .containsExactly(PromptForm.BASE, PromptForm.MULTIALPACA, PromptForm.CHAT);
    assertRefused(
        () -> PromptForm.of("Alpaca"),
        "prompt form \"Alpaca\" is unknown, expected one of base, multialpaca, chat");
  }

  @Test
  void refusesWhatIsNoRequest() {
    assertRefused(() -> PromptForm.BASE.single(""), "the prompt's text is empty, expected text");
    assertRefused(
        () -> PromptForm.CHAT.translation("", Language.THAI, Language.DUTCH),
        "the prompt's text is empty, expected text");
    assertRefused(
        () -> PromptForm.CHAT.translation("A", Language.THAI, Language.THAI),
        "translation from Thai to Thai: expected two languages");
  }

  @Test
  void anEmptyReplyIsATurnToo() {
    ChatMessage empty = ChatMessage.assistant("");
    assertThat(PromptForm.BASE.chat(List.of(A, empty, C)).text()).isEqualTo("A\n\nC");
    assertThat(PromptForm.MULTIALPACA.chat(List.of(A, empty, C)).text())
        .isEqualTo("A\n\n\n\nC\n\n");
    assertThat(PromptForm.CHAT.chat(List.of(A, empty, C)).text())
        .isEqualTo("<|user|>\nA\n<|assistant|>\n\n<|user|>\nC\n<|assistant|>\n");
  }

  @Test
  void theSystemsMessagesGoFirstAndEmptyOnesAreLeftOut() {
    ChatMessage empty = ChatMessage.system("");
    for (PromptForm form : PromptForm.values()) {
      String plain = form.chat(List.of(A, B, C)).text();
      assertThat(form.chat(List.of(empty, A, B, C)).text()).isEqualTo(plain);
      assertThat(form.chat(List.of(A, B, empty, C)).text()).isEqualTo(plain);
      String instructed = form.chat(List.of(S, A, B, C)).text();
      assertThat(form.chat(List.of(A, B, S, C)).text()).isEqualTo(instructed);
      assertThat(form.chat(List.of(A, B, C, S, empty)).text()).isEqualTo(instructed);
    }
    assertThat(PromptForm.BASE.chat(List.of(A, S, B, ChatMessage.system("T"), C)).text())
        .isEqualTo("S\nT\nA\nB\nC");
  }

  @Test
  void refusesWhatIsNoConversation() {
    assertRefused(
        () -> PromptForm.CHAT.chat(List.of()),
        "the conversation has no message, expected a user's message at its end");
    assertRefused(
        () -> PromptForm.BASE.chat(List.of(A, B, S, ChatMessage.user(""))),
        "message 3 (user) is empty, expected text");
    assertRefused(
        () -> PromptForm.CHAT.chat(List.of(A, B)),
        "message 1, the last, is the assistant's, expected the user's");
    assertRefused(
        () -> PromptForm.CHAT.chat(List.of(S)),
        "message 0, the last, is the system's, expected the user's");
  }

  private static void assertRefused(Runnable call, String message) {
    assertThatThrownBy(call::run).isInstanceOf(PolyLmException.class).hasMessage(message);
  }
}
