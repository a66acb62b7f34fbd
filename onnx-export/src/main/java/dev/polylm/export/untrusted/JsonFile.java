package dev.polylm.export.untrusted;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLmException;
import dev.polylm.internal.untrusted.JsonProblem;
import dev.polylm.internal.untrusted.Quoted;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Reads untrusted JSON objects. Depth, tokens and sizes are limited, and keys must be unique. */
public final class JsonFile {
  /** The largest config.json or index; those of the largest models are below 1 MB. */
  private static final int MAX_BYTES = 16 << 20;

  /** Limits the heap: the parsed tree takes about 100 bytes a token. */
  private static final long MAX_TOKENS = 500_000;

  private static final ObjectReader READER = reader();

  private JsonFile() {}

  private static ObjectReader reader() {
    StreamReadConstraints constraints =
        StreamReadConstraints.builder()
            .maxNestingDepth(100)
            .maxTokenCount(MAX_TOKENS)
            .maxNameLength(10_000)
            .maxStringLength(1_000_000)
            .build();
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(constraints)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();
    return new ObjectMapper(factory)
        .reader()
        .forType(JsonNode.class)
        .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  /**
   * Returns the object in a file, empty if there is no file.
   *
   * @throws PolyLmException if the file holds anything else
   */
  public static ObjectNode readIfPresent(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        ? read(path)
        : JsonNodeFactory.instance.objectNode();
  }

  /**
   * Reads a file that holds one object.
   *
   * @throws PolyLmException if it is missing or holds anything else
   */
  public static ObjectNode read(Path path) {
    return parse(path.getFileName() + ":", content(path));
  }

  /** Returns the bytes of a file that should hold an object. {@link #parse} checks them. */
  public static byte[] content(Path path) {
    String name = String.valueOf(path.getFileName());
    if (!Files.isRegularFile(path)) {
      throw new PolyLmException(name + ": no such file in " + path.getParent());
    }
    try (InputStream in = Files.newInputStream(path)) {
      byte[] content = in.readNBytes(MAX_BYTES + 1);
      if (content.length > MAX_BYTES) {
        throw new PolyLmException(
            name + ": is longer than " + MAX_BYTES + " bytes, expected a small JSON file");
      }
      return content;
    } catch (IOException e) {
      throw new PolyLmException(name + ": can't be read: " + e, e);
    }
  }

  /**
   * Parses one object.
   *
   * @param where the beginning of the message: the file, and the part of it that is parsed
   */
  public static ObjectNode parse(String where, byte[] content) {
    if (content.length == 0) {
      throw new PolyLmException(where + " is empty, expected a JSON object");
    }
    JsonNode node;
    try {
      node = READER.readTree(content);
    } catch (JsonProcessingException e) {
      throw new PolyLmException(where + " is not valid JSON: " + JsonProblem.of(e), e);
    } catch (IOException e) {
      throw new PolyLmException(where + " is not valid JSON: " + e, e);
    }
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw new PolyLmException(where + " is " + shown(node) + ", expected a JSON object");
  }

  /**
   * Returns a setting that is true or false.
   *
   * @param fallback what an absent or null setting means
   */
  public static boolean flag(ObjectNode object, String name, boolean fallback) {
    JsonNode value = object.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return fallback;
    }
    if (!value.isBoolean()) {
      throw new PolyLmException("%s is %s, expected true or false".formatted(name, shown(value)));
    }
    return value.booleanValue();
  }

  /** Returns a value in a form that a message may show. */
  public static String shown(JsonNode value) {
    if (value.isContainerNode()) {
      return (value.isArray() ? "an array" : "an object") + " of " + value.size();
    }
    return value.isMissingNode() ? "missing" : Quoted.of(value.toString());
  }
}
