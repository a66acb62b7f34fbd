package dev.polylm.internal.saved;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.polylm.PolyLmException;
import dev.polylm.internal.model.PathHint;
import dev.polylm.internal.untrusted.JsonProblem;
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
import org.jspecify.annotations.Nullable;

/**
 * A kind of file, with numbers in big-endian order. Such a file consists of the kind's first bytes
 * and a line break; the version, a byte; the length of the JSON, an int; the JSON in UTF-8; what
 * the kind adds; and the SHA-256 of everything before, 32 bytes.
 */
public final class SavedFile {
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

  private final byte[] start;
  private final String noun;

  /**
   * @param start the first bytes of such a file
   * @param noun what such a file holds, for messages
   */
  public SavedFile(String start, String noun) {
    this.start = (start + "\n").getBytes(StandardCharsets.US_ASCII);
    this.noun = noun;
  }

  /** Writes what follows the JSON. */
  public interface Writer {
    /** Writes it. */
    void write(DataOutputStream out) throws IOException;
  }

  /** Reads what a file holds. */
  public interface Reader<C, T> {
    /**
     * Checks the JSON, and reads what follows it.
     *
     * @param contents null if the JSON is null; its parts may be missing too
     */
    T read(@Nullable C contents, DataInputStream in) throws IOException;
  }

  /**
   * Writes a file, which replaces an older one at once.
   *
   * @throws PolyLmException if it can't be written
   */
  public void write(Path file, Object contents, Writer rest) {
    try (SafeReplacement replacement = SafeReplacement.of(file)) {
      write(replacement.channel(), contents, rest);
      replacement.publish();
    } catch (IOException e) {
      throw new PolyLmException("%s: can't be written: %s".formatted(file, e), e);
    }
  }

  private void write(FileChannel channel, Object contents, Writer rest) throws IOException {
    MessageDigest digest = sha256();
    OutputStream stream = new BufferedOutputStream(Channels.newOutputStream(channel));
    DataOutputStream out = new DataOutputStream(new DigestOutputStream(stream, digest));
    byte[] json = JSON.writeValueAsBytes(contents);
    out.write(start);
    out.writeByte(VERSION);
    out.writeInt(json.length);
    out.write(json);
    rest.write(out);
    out.flush();
    stream.write(digest.digest());
    stream.flush();
  }

  /**
   * Reads a file.
   *
   * @throws PolyLmException if it can't be read, is no such file, is damaged or has another version
   */
  public <C, T> T read(Path file, Class<C> type, Reader<C, T> reader) {
    try {
      check(file);
      try (DataInputStream in =
          new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
        in.skipNBytes(start.length + 1);
        byte[] json = in.readNBytes(jsonLength(file, in.readInt()));
        return reader.read(contents(file, json, type), in);
      }
    } catch (IOException e) {
      throw new PolyLmException("%s: can't be read: %s%s".formatted(file, e, PathHint.of(file)), e);
    }
  }

  private static int jsonLength(Path file, int length) {
    if (length < 0 || length > MAX_JSON_BYTES) {
      throw new PolyLmException(
          "%s: has %s bytes of JSON, expected at most %s".formatted(file, length, MAX_JSON_BYTES));
    }
    return length;
  }

  /** Reads the whole file once, so that no part of a damaged file is used. */
  private void check(Path file) throws IOException {
    MessageDigest digest = sha256();
    long end = Files.size(file) - CHECKSUM_BYTES;
    try (InputStream stream = new BufferedInputStream(Files.newInputStream(file));
        DigestInputStream in = new DigestInputStream(stream, digest)) {
      byte[] first = in.readNBytes(start.length + 1);
      if (end < first.length || !Arrays.equals(first, 0, start.length, start, 0, start.length)) {
        throw new PolyLmException("%s: is not a %s".formatted(file, noun));
      }
      if (first[start.length] != VERSION) {
        throw new PolyLmException(
            "%s: has version %s, this version of the library reads version %s"
                .formatted(file, first[start.length], VERSION));
      }
      digestRest(in, end - first.length);
      if (!Arrays.equals(digest.digest(), stream.readNBytes(CHECKSUM_BYTES))) {
        throw new PolyLmException(file + ": is damaged, its checksum does not match");
      }
    }
  }

  private <C> @Nullable C contents(Path file, byte[] json, Class<C> type) {
    try {
      return JSON.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new PolyLmException("%s: is no %s: %s".formatted(file, noun, JsonProblem.of(e)), e);
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory can always be read", e);
    }
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
