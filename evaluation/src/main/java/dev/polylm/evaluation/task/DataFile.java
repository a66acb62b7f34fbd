package dev.polylm.evaluation.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polylm.PolyLmException;
import dev.polylm.internal.untrusted.JsonProblem;
import dev.polylm.internal.untrusted.Utf8;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A file of a data set.
 *
 * @param path where it is
 * @param form what is expected there, for the message if it is missing
 */
public record DataFile(Path path, String form) {
  /** No data set here has a file of a tenth of this. */
  private static final long MAX_BYTES = 1L << 30;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** Returns whether the file is there, or something that is no file. */
  boolean exists() {
    return Files.exists(path);
  }

  /** Returns the failure that names the missing file and its form. */
  PolyLmException missing() {
    return new PolyLmException("%s: is missing, expected %s".formatted(path, form));
  }

  /**
   * Returns the file's text.
   *
   * @throws PolyLmException if it is missing, no file, too long or not UTF-8, or can't be read
   */
  public String text() {
    if (!exists()) {
      throw missing();
    }
    if (!Files.isRegularFile(path)) {
      throw new PolyLmException("%s: is no file, expected %s".formatted(path, form));
    }
    try {
      long bytes = Files.size(path);
      if (bytes > MAX_BYTES) {
        throw new PolyLmException(
            "%s: has %s bytes, must have at most %s".formatted(path, bytes, MAX_BYTES));
      }
      return Utf8.decode(Files.readAllBytes(path)).replace("\r\n", "\n");
    } catch (CharacterCodingException e) {
      throw new PolyLmException("%s: is not UTF-8, expected %s".formatted(path, form), e);
    } catch (IOException e) {
      throw new PolyLmException("%s: can't be read: %s".formatted(path, e), e);
    }
  }

  /** Returns the lines without their ends. The last line need not have an end. */
  public List<String> lines() {
    String text = text();
    String ended = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    return ended.isEmpty() ? List.of() : List.of(ended.split("\n", -1));
  }

  /** Returns the file's JSON. */
  DataRecord json() {
    try {
      return new DataRecord(path.toString(), form, JSON.readTree(text()));
    } catch (JsonProcessingException e) {
      throw new PolyLmException(
          "%s: is no JSON: %s; expected %s".formatted(path, JsonProblem.of(e), form), e);
    }
  }

  /** Returns the objects of a file that has one on each line. Empty lines are an error. */
  public List<DataRecord> jsonLines() {
    List<String> lines = lines();
    DataRecord[] records = new DataRecord[lines.size()];
    for (int i = 0; i < records.length; i++) {
      records[i] = jsonLine(i + 1, lines.get(i));
    }
    return List.of(records);
  }

  private DataRecord jsonLine(int number, String line) {
    String place = "%s: line %s".formatted(path, number);
    try {
      JsonNode node = JSON.readTree(line);
      if (!node.isObject()) {
        throw new PolyLmException("%s is no JSON object, expected %s".formatted(place, form));
      }
      return new DataRecord(place, form, node);
    } catch (JsonProcessingException e) {
      throw new PolyLmException(
          "%s is no JSON: %s; expected %s".formatted(place, JsonProblem.of(e), form), e);
    }
  }
}
