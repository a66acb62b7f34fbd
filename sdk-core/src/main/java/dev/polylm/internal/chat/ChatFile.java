package dev.polylm.internal.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.polylm.PolyLmException;
import dev.polylm.internal.chat.History.Turn;
import dev.polylm.internal.model.ModelDirectory;
import dev.polylm.model.FileFacts;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The file of a saved conversation, with numbers in big-endian order. It consists of the bytes
 * {@code PolyLM chat} and a line break; the version, a byte; the length of the JSON, an int; {@link
 * Contents} as JSON in UTF-8; the number of ids that have keys and values in the file, an int;
 * these keys and values, as {@link ChatModel.Prefixes} writes them; and the SHA-256 of everything
 * before, 32 bytes.
 */
final class ChatFile {
  private static final byte[] MAGIC = "PolyLM chat\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte VERSION = 1;
  private static final int CHECKSUM_BYTES = 32;

  /** Many times the size of a context full of long tokens. */
  private static final int MAX_JSON_BYTES = 64 << 20;

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private ChatFile() {}

  /**
   * @param tokenizer the SHA-256 of the tokenizer that made the ids
   * @param model identifies the model of the keys and values by its files
   * @param promptForm the form of the requests
   */
  private record Contents(
      String tokenizer,
      Map<String, FileFacts> model,
      String promptForm,
      @Nullable String system,
      List<Turn> turns) {

    boolean complete() {
      return Stream.of(tokenizer, model, promptForm, turns).allMatch(Objects::nonNull)
          && turns.stream().allMatch(turn -> turn != null && turn.complete());
    }
  }

  static void write(Path file, ChatModel model, History history, boolean withCache) {
    Contents contents =
        new Contents(
            tokenizerOf(model),
            model.manifest().files(),
            model.form().toString(),
            history.system(),
            history.turns());
    try (SafeReplacement replacement = SafeReplacement.of(file)) {
      write(replacement.channel(), contents, history, model, withCache);
      replacement.publish();
    } catch (IOException e) {
      throw new PolyLmException("%s: can't be written: %s".formatted(file, e), e);
    }
  }

  private static void write(
      FileChannel channel, Contents contents, History history, ChatModel model, boolean withCache)
      throws IOException {
    MessageDigest digest = sha256();
    OutputStream stream = new BufferedOutputStream(Channels.newOutputStream(channel));
    DataOutputStream out = new DataOutputStream(new DigestOutputStream(stream, digest));
    byte[] json = JSON.writeValueAsBytes(contents);
    out.write(MAGIC);
    out.writeByte(VERSION);
    out.writeInt(json.length);
    out.write(json);
    if (withCache) {
      model.prefixes().write(history.ids(), out);
    } else {
      out.writeInt(0);
    }
    out.flush();
    stream.write(digest.digest());
    stream.flush();
  }

  static History read(Path file, ChatModel model) {
    try {
      check(file);
      try (DataInputStream in =
          new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
        in.skipNBytes(MAGIC.length + 1);
        byte[] json = in.readNBytes(jsonLength(file, in.readInt()));
        Contents contents = contents(file, json);
        check(file, contents, model);
        History history = new History(contents.system, contents.turns);
        if (contents.model.equals(model.manifest().files())) {
          model.prefixes().read(history.ids(), in);
        }
        return history;
      }
    } catch (IOException e) {
      throw new PolyLmException("%s: can't be read: %s".formatted(file, e), e);
    }
  }

  private static int jsonLength(Path file, int length) {
    if (length < 0 || length > MAX_JSON_BYTES) {
      throw new PolyLmException(
          "%s: has %s bytes of turns, expected at most %s".formatted(file, length, MAX_JSON_BYTES));
    }
    return length;
  }

  /** Reads the whole file once, so that no part of a damaged file is used. */
  private static void check(Path file) throws IOException {
    MessageDigest digest = sha256();
    long end = Files.size(file) - CHECKSUM_BYTES;
    try (InputStream stream = new BufferedInputStream(Files.newInputStream(file));
        DigestInputStream in = new DigestInputStream(stream, digest)) {
      byte[] start = in.readNBytes(MAGIC.length + 1);
      if (end < start.length || !Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
        throw new PolyLmException(file + ": is not a saved conversation");
      }
      if (start[MAGIC.length] != VERSION) {
        throw new PolyLmException(
            "%s: has version %s, this version of the library reads version %s"
                .formatted(file, start[MAGIC.length], VERSION));
      }
      digestRest(in, end - start.length);
      if (!Arrays.equals(digest.digest(), stream.readNBytes(CHECKSUM_BYTES))) {
        throw new PolyLmException(file + ": is damaged, its checksum does not match");
      }
    }
  }

  private static Contents contents(Path file, byte[] json) {
    try {
      Contents contents = JSON.readValue(json, Contents.class);
      if (contents == null || !contents.complete()) {
        throw new PolyLmException(
            file + ": lacks one of tokenizer, model, prompt_form, turns and their texts and ids");
      }
      return contents;
    } catch (JsonProcessingException e) {
      throw new PolyLmException(
          "%s: has no conversation: %s".formatted(file, e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory can always be read", e);
    }
  }

  private static void check(Path file, Contents contents, ChatModel model) {
    if (!contents.tokenizer.equals(tokenizerOf(model))) {
      throw new PolyLmException(file + ": was saved by a model with another tokenizer");
    }
    if (!contents.promptForm.equals(model.form().toString())) {
      throw new PolyLmException(
          "%s: was saved with prompt form %s, the model's is %s"
              .formatted(file, contents.promptForm, model.form()));
    }
    int length = contents.turns.stream().mapToInt(Turn::length).sum();
    if (length > model.contextLength()) {
      throw new PolyLmException(
          "%s: has %s ids, the model's context is %s"
              .formatted(file, length, model.contextLength()));
    }
    for (Turn turn : contents.turns) {
      model.manifest().model().checkIds(turn.requestIds());
      if (turn.replyIds().length > 0) {
        model.manifest().model().checkIds(turn.replyIds());
      }
    }
  }

  private static String tokenizerOf(ChatModel model) {
    FileFacts facts = model.manifest().files().get(ModelDirectory.TOKENIZER);
    if (facts == null) {
      throw new PolyLmException("the manifest names no " + ModelDirectory.TOKENIZER);
    }
    return facts.sha256();
  }

  private static void digestRest(InputStream in, long length) throws IOException {
    byte[] buffer = new byte[1 << 16];
    for (long left = length; left > 0; ) {
      int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (read < 0) {
        throw new EOFException("it became shorter while it was read");
      }
      left -= read;
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
