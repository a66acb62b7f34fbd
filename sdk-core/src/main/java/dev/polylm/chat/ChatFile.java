package dev.polylm.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.polylm.PolyLmException;
import dev.polylm.model.FileFacts;
import dev.polylm.model.ModelDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A saved conversation: the bytes {@code PolyLM chat} and a line break, the version as a byte, a
 * {@link Contents} as JSON in UTF-8, and the SHA-256 of all that, 32 bytes.
 */
final class ChatFile {
  private static final byte[] MAGIC = "PolyLM chat\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte VERSION = 1;
  private static final int CHECKSUM_BYTES = 32;

  /** Many times what a context full of long tokens takes. */
  private static final long MAX_BYTES = 64 << 20;

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private ChatFile() {}

  /**
   * @param tokenizer the SHA-256 of the tokenizer that the ids are of
   * @param promptForm the form of the requests
   */
  private record Contents(
      String tokenizer, String promptForm, @Nullable String system, List<Turn> turns) {}

  static void write(Path file, ChatModel model, History history) {
    Contents contents =
        new Contents(
            tokenizerOf(model), model.form().toString(), history.system(), history.turns());
    try {
      byte[] json = JSON.writeValueAsBytes(contents);
      ByteBuffer bytes =
          ByteBuffer.allocate(MAGIC.length + 1 + json.length + CHECKSUM_BYTES)
              .put(MAGIC)
              .put(VERSION)
              .put(json);
      bytes.put(sha256(bytes.array(), bytes.position()));
      replace(file.toAbsolutePath(), bytes.array());
    } catch (IOException e) {
      throw new PolyLmException("%s: can't be written: %s".formatted(file, e), e);
    }
  }

  private static void replace(Path file, byte[] bytes) throws IOException {
    Path beside = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".tmp");
    try {
      Files.write(beside, bytes);
      try {
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  static History read(Path file, ChatModel model) {
    byte[] bytes = bytes(file);
    int end = bytes.length - CHECKSUM_BYTES;
    int start = MAGIC.length + 1;
    if (end < start || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new PolyLmException(file + ": is no saved conversation");
    }
    if (bytes[MAGIC.length] != VERSION) {
      throw new PolyLmException(
          "%s: has version %d, this version of the library reads version %d"
              .formatted(file, bytes[MAGIC.length], VERSION));
    }
    if (!Arrays.equals(sha256(bytes, end), Arrays.copyOfRange(bytes, end, bytes.length))) {
      throw new PolyLmException(file + ": is damaged, its checksum is another");
    }
    return history(file, Arrays.copyOfRange(bytes, start, end), model);
  }

  private static byte[] bytes(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new PolyLmException(
            "%s: has %d bytes, a conversation at most %d"
                .formatted(file, Files.size(file), MAX_BYTES));
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new PolyLmException("%s: can't be read: %s".formatted(file, e), e);
    }
  }

  private static History history(Path file, byte[] json, ChatModel model) {
    Contents contents;
    try {
      contents = JSON.readValue(json, Contents.class);
    } catch (JsonProcessingException e) {
      throw new PolyLmException(
          "%s: has no conversation: %s".formatted(file, e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory can always be read", e);
    }
    check(file, contents, model);
    return new History(contents.system, contents.turns);
  }

  private static void check(Path file, @Nullable Contents contents, ChatModel model) {
    if (contents == null
        || contents.tokenizer == null
        || contents.promptForm == null
        || contents.turns == null
        || contents.turns.stream().anyMatch(turn -> turn == null || !complete(turn))) {
      throw new PolyLmException(
          file + ": lacks one of tokenizer, prompt_form, turns and their texts and ids");
    }
    if (!contents.tokenizer.equals(tokenizerOf(model))) {
      throw new PolyLmException(file + ": was saved with a model of another tokenizer");
    }
    if (!contents.promptForm.equals(model.form().toString())) {
      throw new PolyLmException(
          "%s: was saved with prompt form %s, the model's is %s"
              .formatted(file, contents.promptForm, model.form()));
    }
    for (Turn turn : contents.turns) {
      model.manifest().model().checkIds(turn.requestIds());
      if (turn.replyIds().length > 0) {
        model.manifest().model().checkIds(turn.replyIds());
      }
    }
  }

  private static boolean complete(Turn turn) {
    return turn.request() != null
        && turn.requestIds() != null
        && turn.reply() != null
        && turn.replyIds() != null;
  }

  private static String tokenizerOf(ChatModel model) {
    FileFacts facts = model.manifest().files().get(ModelDirectory.TOKENIZER);
    if (facts == null) {
      throw new PolyLmException("the manifest names no " + ModelDirectory.TOKENIZER);
    }
    return facts.sha256();
  }

  private static byte[] sha256(byte[] bytes, int length) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes, 0, length);
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
