package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.chat.ChatReply;
import dev.polylm.chat.ChatSession;
import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import dev.polylm.internal.prompt.PromptEncoder;
import dev.polylm.prompt.ChatMessage;
import dev.polylm.prompt.Prompt;
import dev.polylm.prompt.PromptForm;
import dev.polylm.prompt.Role;
import dev.polylm.tokenizer.TextPart;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conversations, compared with single generations from the same ids. */
final class ChatSessionTest {
  private static final String TO_DUTCH =
      "Paris is the capital of France.\nTranslate this sentence from English to Dutch.";
  private static final String TO_GERMAN =
      "Beijing is the capital of China.\nTranslate this sentence from English to German.";

  private static PolyLm polyLm;

  @BeforeAll
  static void open() {
    polyLm = PolyLm.openEmbedded();
  }

  @AfterAll
  static void close() {
    polyLm.close();
  }

  private static GenerationConfig newTokens(int count) {
    return GenerationConfig.builder().maxNewTokens(count).build();
  }

  private static int[] joined(int[] first, int[] second) {
    int[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  private static int[] idsOf(GenerationResult result) {
    return result.sequences().get(0).ids();
  }

  @Test
  void aTurnGoesOnFromTheIdsReadAndWritten() {
    ChatSession chat = polyLm.chat("Be brief.");
    ChatReply first = chat.reply(TO_DUTCH, newTokens(20));
    assertThat(first.text()).isEqualTo("Parijs is de hoofdstad van Frankrijk.");
    assertThat(first.finishReason()).isEqualTo(FinishReason.STOP_TOKEN);
    assertThat(first.dropped()).isEmpty();

    int[] written = idsOf(first.result());
    int[] opening = polyLm.tokenizer().encodePrompt("Be brief.\n" + TO_DUTCH, false);
    int[] kept = joined(opening, Arrays.copyOf(written, written.length - 1));
    assertThat(chat.ids()).isEqualTo(kept);

    ChatReply second = chat.reply(TO_GERMAN, newTokens(20));
    String whole = "Be brief.\n" + TO_DUTCH + first.result().text() + "\n" + TO_GERMAN;
    int[] ids = joined(kept, idsAfter(kept, whole));
    GenerationResult alone =
        polyLm.generate(GenerationRequest.ofIds(ids).withConfig(newTokens(20)));
    assertThat(second.result().text()).isEqualTo(alone.text()).isNotBlank();
    assertThat(second.text()).isEqualTo(alone.text().replaceFirst("^\n", ""));
    assertThat(idsOf(second.result())).isEqualTo(idsOf(alone));
    assertThat(chat.messages())
        .containsExactly(
            ChatMessage.system("Be brief."),
            ChatMessage.user(TO_DUTCH),
            ChatMessage.assistant(first.text()),
            ChatMessage.user(TO_GERMAN),
            ChatMessage.assistant(second.text()));
    assertThat(polyLm.tokenizer().decode(chat.ids())).isEqualTo(whole + second.result().text());
  }

  /** What a text's ids go on with after those of its beginning. */
  private static int[] idsAfter(int[] beginning, String text) {
    int[] all = polyLm.tokenizer().encodePrompt(text, false);
    assertThat(Arrays.copyOf(all, beginning.length)).isEqualTo(beginning);
    return Arrays.copyOfRange(all, beginning.length, all.length);
  }

  @Test
  void aStreamIsTheReply() {
    ChatSession chat = polyLm.chat();
    chat.reply(TO_DUTCH, newTokens(20));
    ChatSession other = chat.fork();
    ChatReply reply = chat.reply(TO_GERMAN, newTokens(20));
    List<String> pieces;
    try (Stream<String> stream = other.stream(TO_GERMAN, newTokens(20))) {
      pieces = stream.toList();
    }
    assertThat(String.join("", pieces)).isEqualTo(reply.text());
    assertThat(pieces).hasSizeGreaterThan(1);
    assertThat(other.messages()).isEqualTo(chat.messages());
    assertThat(other.ids()).isEqualTo(chat.ids());
    assertThat(other.lastReply().orElseThrow().text()).isEqualTo(reply.text());
  }

  @Test
  void aStreamThatIsClosedEndsTheReply() {
    ChatSession chat = polyLm.chat();
    String first;
    GenerationConfig endless =
        GenerationConfig.builder().maxNewTokens(400).minNewTokens(400).build();
    try (Stream<String> stream = chat.stream(TO_DUTCH, endless)) {
      first = stream.findFirst().orElseThrow();
    }
    chat.reply("And now?", newTokens(3)); // waits for the end of the one before
    ChatMessage ended = chat.messages().get(1);
    assertThat(ended.role()).isEqualTo(Role.ASSISTANT);
    assertThat(ended.text()).startsWith(first);
    assertThat(chat.messages()).hasSize(4);
    assertThat(chat.ids().length).isLessThan(400);
  }

  @Test
  void aForkGoesItsOwnWay() {
    ChatSession chat = polyLm.chat();
    chat.reply(TO_DUTCH, newTokens(20));
    List<ChatMessage> before = chat.messages();
    ChatSession fork = chat.fork();
    fork.reply(TO_GERMAN, newTokens(20));
    assertThat(chat.messages()).isEqualTo(before);
    assertThat(fork.messages()).hasSize(4).startsWith(before.toArray(ChatMessage[]::new));
  }

  @Test
  void theOldestTurnsMakeRoomAndTheReplySaysWhich() {
    ChatSession chat = polyLm.chat("Be brief.");
    List<ChatMessage> said = new ArrayList<>();
    List<ChatMessage> dropped = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String text = "Question " + i + ". " + TO_DUTCH;
      ChatReply reply = chat.reply(text, newTokens(128));
      dropped.addAll(reply.dropped());
      said.add(ChatMessage.user(text));
      said.add(ChatMessage.assistant(reply.text()));
      assertThat(chat.ids().length).isLessThanOrEqualTo(512);
    }
    assertThat(dropped).isNotEmpty().hasSizeLessThan(said.size());
    assertThat(said).startsWith(dropped.toArray(ChatMessage[]::new));
    List<ChatMessage> kept = new ArrayList<>(List.of(ChatMessage.system("Be brief.")));
    kept.addAll(said.subList(dropped.size(), said.size()));
    assertThat(chat.messages()).isEqualTo(kept);
    assertThat(polyLm.tokenizer().decode(chat.ids()))
        .startsWith("Be brief.\nQuestion " + dropped.size() / 2 + ". ");
  }

  @Test
  void whatIsLeftAfterADropIsAConversationOfItsOwn() {
    ChatSession chat = polyLm.chat("Be brief.");
    chat.reply(TO_DUTCH, newTokens(20));
    ChatReply reply = chat.reply(TO_GERMAN, newTokens(470));
    assertThat(reply.dropped()).hasSize(2);
    ChatSession alone = polyLm.chat("Be brief.");
    assertThat(reply.text()).isEqualTo(alone.reply(TO_GERMAN, newTokens(470)).text());
    assertThat(chat.ids()).isEqualTo(alone.ids());
  }

  @Test
  void anInterruptEndsTheReplyWithWhatThereIs() {
    ChatSession chat = polyLm.chat();
    Thread.currentThread().interrupt();
    ChatReply reply = chat.reply(TO_DUTCH, newTokens(400));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(reply.finishReason()).isEqualTo(FinishReason.CANCELLED);
    int[] ids = idsOf(reply.result());
    assertThat(chat.messages()).hasSize(ids.length == 0 ? 0 : 2);
  }

  @Test
  void turnsOfSeveralThreadsFollowEachOther() throws Exception {
    ChatSession chat = polyLm.chat();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<ChatReply>> calls = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String text = "Number " + i;
        calls.add(() -> chat.reply(text, newTokens(4)));
      }
      List<String> replies = new ArrayList<>();
      for (Future<ChatReply> call : threads.invokeAll(calls)) {
        replies.add(call.get().text());
      }
      List<ChatMessage> messages = chat.messages();
      assertThat(messages).hasSize(16);
      for (int i = 0; i < 16; i += 2) {
        int number = Integer.parseInt(messages.get(i).text().substring("Number ".length()));
        assertThat(messages.get(i + 1).text()).isEqualTo(replies.get(number));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void whatIsWrongLeavesTheConversationAsItWas() {
    ChatSession chat = polyLm.chat();
    chat.reply(TO_DUTCH, newTokens(20));
    int[] before = chat.ids();
    assertThatThrownBy(() -> chat.reply(""))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("the message is empty, expected text");
    assertThatThrownBy(() -> chat.reply("a", GenerationConfig.builder().maxLength(40).build()))
        .hasMessage(
            "max_length is 40, which can't limit a growing conversation; set max_new_tokens for the reply");
    assertThatThrownBy(
            () ->
                chat.reply(
                    "a", GenerationConfig.builder().numBeams(2).numReturnSequences(2).build()))
        .hasMessage("num_return_sequences is 2, must be 1 in a conversation");
    assertThatThrownBy(() -> chat.reply("word ".repeat(600)))
        .hasMessageMatching(
            "prompt has \\d+ tokens, must be fewer than the model's context of 512");
    GenerationConfig beams = GenerationConfig.builder().numBeams(2).build();
    assertThatThrownBy(() -> chat.stream("a", beams).toList())
        .hasMessageContaining("num_beams is 2");
    assertThat(chat.ids()).isEqualTo(before);
    assertThat(chat.reply("a", newTokens(2)).dropped()).isEmpty(); // it goes on
    assertThatThrownBy(() -> polyLm.chat(""))
        .hasMessage("the system text is empty, expected text or none");
  }

  @Test
  void aClosedModelIsAnError() {
    ChatSession chat;
    try (PolyLm other = PolyLm.openEmbedded()) {
      chat = other.chat();
    }
    assertThatThrownBy(() -> chat.reply(TO_DUTCH)).isInstanceOf(PolyLmException.class);
    assertThat(chat.messages()).isEmpty();
  }

  @Test
  void aContinuationHasTheIdsOfTheWhole() {
    String before = "Paris is the capital of France.";
    String[] after = {"\n" + TO_GERMAN, " It is large.", "。北京", "  two spaces", "</s>"};
    for (String text : after) {
      int[] ids =
          joined(
              polyLm.tokenizer().encodePrompt(before, false),
              PromptEncoder.encodeContinuation(
                  new Prompt(List.of(new TextPart(text, false)), List.of()), polyLm.tokenizer()));
      assertThat(ids).isEqualTo(polyLm.tokenizer().encodePrompt(before + text, false));
    }
    assertThat(PromptForm.CHAT.nextTurn("a").text()).isEqualTo("\n<|user|>\na\n<|assistant|>\n");
  }

  /** polylm-tiny, said to be of the chat form. */
  private static Path chatForm(Path folder) throws IOException {
    for (String name : polyLm.manifest().files().keySet()) {
      Files.write(folder.resolve(name), resource(name));
    }
    String manifest = new String(resource("manifest.json"), StandardCharsets.UTF_8);
    assertThat(manifest).contains("\"base\"");
    return Files.writeString(
            folder.resolve("manifest.json"), manifest.replace("\"base\"", "\"chat\""))
        .getParent();
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = PolyLm.class.getResourceAsStream("/META-INF/polylm-model/" + name)) {
      return in.readAllBytes();
    }
  }

  @Test
  void aReplyEndsWhereTheModelWouldSpeakForTheUser(@TempDir Path folder) throws IOException {
    try (PolyLm other = PolyLm.open(chatForm(folder))) {
      int[] marker = other.tokenizer().encodeContinuation(List.of(new TextPart("<|user|>", false)));
      Map<List<Integer>, Double> bias = new HashMap<>();
      for (int length = 1; length <= marker.length; length++) {
        List<Integer> beginning = Arrays.stream(marker).limit(length).boxed().toList();
        bias.put(beginning, 100.0 * length); // the model can't but spell it
      }
      GenerationConfig config =
          GenerationConfig.builder().maxNewTokens(3 * marker.length).sequenceBias(bias).build();
      ChatSession chat = other.chat();
      ChatReply reply = chat.reply("Who are you?", config);
      assertThat(reply.finishReason()).isEqualTo(FinishReason.STOP_STRING);
      assertThat(reply.text()).isEmpty();
      assertThat(idsOf(reply.result())).isEqualTo(marker);
      assertThat(chat.messages())
          .containsExactly(ChatMessage.user("Who are you?"), ChatMessage.assistant(""));
      chat.reply("And now?", newTokens(3));
      assertThat(other.tokenizer().decode(chat.ids()))
          .startsWith(
              "<|user|>\nWho are you?\n<|assistant|>\n\n<|user|>\nAnd now?\n<|assistant|>\n");
      ChatReply plain = other.chat().reply(TO_DUTCH, newTokens(20));
      assertThat(plain.text()).isEqualTo("Parijs is de hoofdstad van Frankrijk.");
    }
  }
}
