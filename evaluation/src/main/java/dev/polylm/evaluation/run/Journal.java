package dev.polylm.evaluation.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLmException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file with a JSON object on each line: what the run is, then one answer after the other. A line
 * that a killed process left half written is cut off when the file is opened.
 */
public final class Journal implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final FileChannel channel;
  private final List<JsonNode> lines;

  private Journal(Path file, FileChannel channel, List<JsonNode> lines) {
    this.file = file;
    this.channel = channel;
    this.lines = lines;
  }

  /**
   * Opens a journal, or begins one.
   *
   * @param header what the run is; a journal with another header is not continued
   * @throws PolyLmException if the file is another run's, is damaged, or can't be read or written
   */
  public static Journal open(Path file, ObjectNode header) {
    try {
      byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
      int length = wholeLines(bytes);
      List<JsonNode> lines = parse(file, new String(bytes, 0, length, StandardCharsets.UTF_8));
      checkHeader(file, header, lines);
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      Journal journal =
          new Journal(file, channel, lines.isEmpty() ? lines : lines.subList(1, lines.size()));
      channel.truncate(length).position(length);
      if (lines.isEmpty()) {
        journal.append(header);
      }
      return journal;
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  /** Returns how many bytes the whole lines have. */
  private static int wholeLines(byte[] bytes) {
    int length = bytes.length;
    while (length > 0 && bytes[length - 1] != '\n') {
      length--;
    }
    return length;
  }

  private static List<JsonNode> parse(Path file, String text) {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : text.lines().toList()) {
      try {
        lines.add(JSON.readTree(line));
      } catch (JsonProcessingException e) {
        throw damaged(file, "line %s is no JSON".formatted(lines.size() + 1), e);
      }
    }
    return lines;
  }

  private static void checkHeader(Path file, ObjectNode header, List<JsonNode> lines) {
    if (!lines.isEmpty() && !lines.get(0).equals(header)) {
      throw new PolyLmException(
          "%s: holds another run, %s, this one is %s; delete the file or name another output"
              .formatted(file, lines.get(0), header));
    }
  }

  /** Returns the lines that were there when the journal was opened, without the header. */
  public List<JsonNode> lines() {
    return lines;
  }

  /** Returns the failure that the file is not as a run left it. */
  PolyLmException damaged(String what) {
    return damaged(file, what, null);
  }

  private static PolyLmException damaged(Path file, String what, @Nullable Exception e) {
    return new PolyLmException("%s: %s; delete the file to begin again".formatted(file, what), e);
  }

  /**
   * Writes a line at once.
   *
   * @throws PolyLmException if it can't be written, for example because the disk is full, or the
   *     thread is interrupted
   */
  public void append(ObjectNode line) {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private static PolyLmException unwritable(Path file, IOException e) {
    return e instanceof ClosedByInterruptException
        ? interrupted(e)
        : new PolyLmException("%s: can't be written: %s".formatted(file, e), e);
  }

  /** Returns the failure that the thread was interrupted. */
  static PolyLmException interrupted(Exception e) {
    return new PolyLmException("the evaluation was interrupted", e);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }
}
