package dev.polylm.tiny;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.chat.ChatSession;
import dev.polylm.generation.GenerationConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conversations in files. */
final class SavedChatTest {
  private static final GenerationConfig SHORT = GenerationConfig.builder().maxNewTokens(20).build();
  private static final int JSON_START = "PolyLM chat\n".length() + 1;
  private static final int CHECKSUM_BYTES = 32;

  private static PolyLm polyLm;
  private static ChatSession chat;

  @TempDir Path folder;

  @BeforeAll
  static void open() {
    polyLm = PolyLm.openEmbedded();
    chat = polyLm.chat("Be brief.");
    chat.reply("Paris is the capital of France.\nTranslate this sentence from English to Dutch.");
    chat.reply("北京是中国的首都。\nTranslate this sentence from Chinese to Hebrew.", SHORT);
  }

  @AfterAll
  static void close() {
    polyLm.close();
  }

  private Path saved() {
    Path file = folder.resolve("chat");
    chat.save(file);
    return file;
  }

  @Test
  void aSavedConversationGoesOn() throws IOException {
    Path file = saved();
    Files.writeString(folder.resolve("other"), "is replaced");
    chat.save(folder.resolve("other"));
    try (PolyLm again = PolyLm.openEmbedded()) {
      ChatSession loaded = again.loadChat(file);
      assertThat(loaded.messages()).isEqualTo(chat.messages()).hasSize(5);
      assertThat(loaded.ids()).isEqualTo(chat.ids());
      assertThat(loaded.lastReply()).isEmpty();
      assertThat(again.loadChat(folder.resolve("other")).ids()).isEqualTo(chat.ids());
      String next = "Rome is the capital of Italy.\nTranslate this sentence from English to Thai.";
      assertThat(loaded.reply(next, SHORT).text()).isEqualTo(chat.fork().reply(next, SHORT).text());
    }
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(2); // nothing else is left beside them
    }
  }

  @Test
  void anEmptyConversationIsKept() {
    Path file = folder.resolve("empty");
    polyLm.chat().save(file);
    ChatSession loaded = polyLm.loadChat(file);
    assertThat(loaded.messages()).isEmpty();
    assertThat(loaded.reply("Hello", SHORT).text())
        .isEqualTo(polyLm.chat().reply("Hello", SHORT).text());
  }

  @Test
  void everyDamageIsFound() throws IOException {
    byte[] bytes = Files.readAllBytes(saved());
    SplittableRandom random = new SplittableRandom(1);
    Path file = folder.resolve("damaged");
    for (int i = 0; i < 500; i++) {
      byte[] damaged =
          i % 2 == 0 ? bytes.clone() : Arrays.copyOf(bytes, random.nextInt(bytes.length));
      if (i % 2 == 0) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Files.write(file, damaged);
      assertThatThrownBy(() -> polyLm.loadChat(file))
          .isInstanceOf(PolyLmException.class)
          .hasMessageMatching(
              ".*damaged: (is no saved conversation|has version -?\\d+, this version of the library"
                  + " reads version 1|is damaged, its checksum is another)");
    }
  }

  @Test
  void noFileAndNoFolderAreSaid() {
    assertThatThrownBy(() -> polyLm.loadChat(folder.resolve("none")))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining("none: can't be read");
    assertThatThrownBy(() -> chat.save(folder.resolve("no").resolve("folder")))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining("can't be written");
    assertThatThrownBy(() -> polyLm.loadChat(folder)).hasMessageContaining("can't be read");
  }

  /** Files with a right checksum that lie all the same. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "\"prompt_form\":\"base\" | \"prompt_form\":\"chat\" | was saved with prompt form chat, the model's is base",
        "\"tokenizer\":\" | \"tokenizer\":\"0 | was saved with a model of another tokenizer",
        "\"tokenizer\":\" | \"other\":\" | has no conversation: Unrecognized field",
        "\"turns\":[ | \"turns\":[null, | lacks one of tokenizer, prompt_form, turns and their texts and ids",
        "\"request_ids\":[ | \"request_ids\":[8192, | id 8192 at position 0 is out of range, expected 0 to 8191",
        "\"reply_ids\":[ | \"reply_ids\":[-1, | id -1 at position 0 is out of range, expected 0 to 8191",
        "\"reply_ids\":[ | \"reply_ids\":[99999999999, | has no conversation: Numeric value",
        "\"request_ids\":[ | \"request_ids\":null,\"x\":[ | has no conversation: Unrecognized field",
      })
  void aLieIsFound(String what, String instead, String message) throws IOException {
    byte[] bytes = Files.readAllBytes(saved());
    String json =
        new String(
            bytes, JSON_START, bytes.length - CHECKSUM_BYTES - JSON_START, StandardCharsets.UTF_8);
    assertThat(json).contains(what);
    byte[] lie = json.replace(what, instead).getBytes(StandardCharsets.UTF_8);
    byte[] all = Arrays.copyOf(bytes, JSON_START + lie.length + CHECKSUM_BYTES);
    System.arraycopy(lie, 0, all, JSON_START, lie.length);
    byte[] checksum = sha256(Arrays.copyOf(all, JSON_START + lie.length));
    System.arraycopy(checksum, 0, all, JSON_START + lie.length, CHECKSUM_BYTES);
    Path file = folder.resolve("lie");
    Files.write(file, all);
    assertThatThrownBy(() -> polyLm.loadChat(file))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining(message);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
