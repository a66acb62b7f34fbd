package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.chat.ChatSession;
import dev.polylm.generation.GenerationConfig;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
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
  private static final int JSON_START = "PolyLM chat\n".length() + 1 + Integer.BYTES;
  private static final int AFTER_JSON = Integer.BYTES + 32; // no cache, and the checksum

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

  /** The next turn reads nothing again, and says what it would have said. */
  @Test
  void theCacheIsSavedWhereAsked() throws IOException {
    Path plain = saved();
    Path cached = folder.resolve("cached");
    chat.saveWithCache(cached);
    long bytesOfPosition = 2L * 6 * 256 * Float.BYTES; // keys and values of 6 layers of 256
    assertThat(Files.size(cached) - Files.size(plain))
        .isBetween((chat.ids().length - 1) * bytesOfPosition, chat.ids().length * bytesOfPosition);
    String next = "Rome is the capital of Italy.\nTranslate this sentence from English to Thai.";
    String expected = chat.fork().reply(next, SHORT).text();
    assertThat(reusedBy(cached, next, expected)).isGreaterThanOrEqualTo(chat.ids().length - 1);
    assertThat(reusedBy(plain, next, expected)).isZero();
  }

  /** How many ids of a loaded conversation had their keys and values when it went on. */
  private static long reusedBy(Path file, String next, String expected) {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    Metrics.addRegistry(registry);
    try (PolyLm again = PolyLm.openEmbedded()) {
      assertThat(again.loadChat(file).reply(next, SHORT).text()).isEqualTo(expected);
      Measurement reused =
          registry.get("polylm.tokens.reused").counter().measure().iterator().next();
      return (long) reused.getValue();
    } finally {
      Metrics.removeRegistry(registry);
    }
  }

  @Test
  void aModelThatKeepsNothingSavesTheIdsAlone() throws IOException {
    PolyLmOptions none = PolyLmOptions.builder().prefixReuse(false).build();
    Path file = folder.resolve("none");
    try (PolyLm forgetful = PolyLm.openEmbedded(none)) {
      ChatSession other = forgetful.loadChat(saved());
      other.saveWithCache(file);
      chat.saveWithCache(folder.resolve("cached"));
      assertThat(forgetful.loadChat(folder.resolve("cached")).ids()).isEqualTo(chat.ids());
    }
    assertThat(Files.size(file)).isEqualTo(Files.size(saved()));
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
              ".*damaged: (is not a saved conversation|has version -?\\d+, this version of the"
                  + " library"
                  + " reads version 1|is damaged, its checksum does not match)");
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
        "\"prompt_form\":\"base\" | \"prompt_form\":\"chat\" | was saved with prompt form chat,"
            + " the model's is base",
        "\"tokenizer\":\" | \"tokenizer\":\"0 | was saved by a model with another tokenizer",
        "\"tokenizer\":\" | \"other\":\" | is no saved conversation: other is unknown, known"
            + " here are [",
        "\"turns\":[ | \"turns\":[null, | lacks one of tokenizer, model, prompt_form, turns and"
            + " their texts and ids",
        "\"request_ids\":[ | \"request_ids\":[8192, | id 8192 at position 0 is out of range,"
            + " expected 0 to 8191",
        "\"reply_ids\":[ | \"reply_ids\":[-1, | id -1 at position 0 is out of range, expected 0 to"
            + " 8191",
        "\"reply_ids\":[ | \"reply_ids\":[99999999999, | is no saved conversation:"
            + " turns[0].reply_ids[0] is out of range, must be an integer of 32 bits",
        "\"request_ids\":[ | \"request_ids\":null,\"x\":[ | is no saved conversation:"
            + " turns[0].x is unknown, known here are [",
      })
  void aLieIsFound(String what, String instead, String message) throws IOException {
    byte[] bytes = Files.readAllBytes(saved());
    int length = bytes.length - AFTER_JSON - JSON_START;
    String json = new String(bytes, JSON_START, length, StandardCharsets.UTF_8);
    assertThat(json).contains(what);
    byte[] lie = json.replace(what, instead).getBytes(StandardCharsets.UTF_8);
    byte[] all = Arrays.copyOf(bytes, JSON_START + lie.length + AFTER_JSON);
    ByteBuffer.wrap(all).position(JSON_START - Integer.BYTES).putInt(lie.length).put(lie).putInt(0);
    withChecksum(all);
    Path file = folder.resolve("lie");
    Files.write(file, all);
    assertThatThrownBy(() -> polyLm.loadChat(file))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining(message);
  }

  /** Gives the bytes another checksum, the right one. */
  private static byte[] withChecksum(byte[] bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      int end = bytes.length - 32;
      digest.update(bytes, 0, end);
      System.arraycopy(digest.digest(), 0, bytes, end, 32);
      return bytes;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Numbers with a right checksum that lie all the same. */
  @Test
  void aLieAboutLengthsIsFound() throws IOException {
    byte[] bytes = Files.readAllBytes(saved());
    int cache = bytes.length - AFTER_JSON;
    for (int lie : new int[] {-1, Integer.MAX_VALUE, 1, chat.ids().length}) {
      byte[] lying = bytes.clone();
      ByteBuffer.wrap(lying).putInt(cache, lie);
      Path file = Files.write(folder.resolve("lie"), withChecksum(lying));
      assertThatThrownBy(() -> polyLm.loadChat(file)).isInstanceOf(PolyLmException.class);
    }
    for (int lie : new int[] {-1, Integer.MAX_VALUE, 1 << 26, 0, 7}) {
      byte[] lying = bytes.clone();
      ByteBuffer.wrap(lying).putInt(JSON_START - Integer.BYTES, lie);
      Path file = Files.write(folder.resolve("lie"), withChecksum(lying));
      assertThatThrownBy(() -> polyLm.loadChat(file)).isInstanceOf(PolyLmException.class);
    }
  }
}
