package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.PolyLm;
import dev.polylm.chat.ChatReply;
import dev.polylm.chat.ChatSession;
import dev.polylm.constraint.Constraint;
import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.prompt.ChatMessage;
import dev.polylm.prompt.PromptForm;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replies of a conversation under constraints, on polylm-tiny, which has the base form. */
final class ConstrainedChatTest {
  private static final GenerationConfig SHORT = GenerationConfig.builder().maxNewTokens(24).build();
  private static final String ASK =
      "Paris is the capital of France.\nTranslate this sentence from English to German.";
  private static final Constraint GERMAN =
      Constraint.choice(
          List.of("Rom ist schön.", "Paris ist die Hauptstadt von Frankreich.", "Nein"));
  private static final Constraint WORDS = Constraint.regex("[a-z]{3,9}(?: [a-z]{3,9}){2}!");
  private static PolyLm polyLm;

  @BeforeAll
  static void open() {
    polyLm = PolyLm.openEmbedded();
  }

  @AfterAll
  static void close() {
    polyLm.close();
  }

  @Test
  void theConstraintIsOnTheReplyWithoutTheLineBreakBeforeIt() {
    ChatSession chat = polyLm.chat();
    ChatReply reply = chat.reply(ASK, SHORT, GERMAN);
    assertThat(reply.text()).isEqualTo("Paris ist die Hauptstadt von Frankreich.");
    assertThat(reply.finishReason()).isEqualTo(FinishReason.CONSTRAINT);
    assertThat(polyLm.promptForm()).isEqualTo(PromptForm.BASE);
    assertThat(polyLm.tokenizer().decode(chat.ids())).isEqualTo(ASK + "\n" + reply.text());
    assertThat(chat.messages())
        .containsExactly(ChatMessage.user(ASK), ChatMessage.assistant(reply.text()));
  }

  @Test
  void theSameReplyIsStreamed() {
    ChatSession chat = polyLm.chat();
    try (Stream<String> pieces = chat.stream(ASK, SHORT, WORDS)) {
      String text = pieces.collect(Collectors.joining());
      assertThat(text).isEqualTo(polyLm.chat().reply(ASK, SHORT, WORDS).text());
      assertThat(chat.lastReply().orElseThrow().text()).isEqualTo(text);
    }
  }

  @Test
  void aSavedConversationGivesTheSameIds(@TempDir Path folder) {
    ChatSession chat = polyLm.chat("Be brief.");
    chat.reply(ASK, SHORT, GERMAN);
    chat.save(folder.resolve("plain"));
    chat.saveWithCache(folder.resolve("cached"));
    ChatReply next = chat.reply("And again.", SHORT, WORDS);
    assertThat(next.text()).matches("[a-z]{3,9}( [a-z]{3,9}){2}!");
    for (String file : List.of("plain", "cached")) {
      ChatSession loaded = polyLm.loadChat(folder.resolve(file));
      assertThat(loaded.reply("And again.", SHORT, WORDS).text()).isEqualTo(next.text());
      assertThat(loaded.ids()).isEqualTo(chat.ids());
    }
  }

  @Test
  void freeAndConstrainedTurnsFollowEachOtherAlike() {
    ChatSession chat = polyLm.chat();
    for (int turn = 0; turn < 30; turn++) {
      ChatReply reply =
          turn % 3 == 0 ? chat.reply(ASK, SHORT) : chat.reply(ASK + " " + turn, SHORT, WORDS);
      assertThat(reply.text()).doesNotStartWith("\n");
    }
    assertThat(chat.lastReply().orElseThrow().dropped()).isNotEmpty();
    String whole =
        chat.messages().stream().map(ChatMessage::text).collect(Collectors.joining("\n"));
    assertThat(polyLm.tokenizer().decode(chat.ids())).isEqualTo(whole);
    assertThat(Arrays.stream(chat.ids()).allMatch(id -> id > 2)).isTrue();
  }
}
