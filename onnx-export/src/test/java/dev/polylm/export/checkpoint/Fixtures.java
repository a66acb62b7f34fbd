package dev.polylm.export.checkpoint;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLmException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The checkpoints of the test resources, and copies of them to break. */
final class Fixtures {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final Path RESOURCES = Path.of("src/test/resources");

  private Fixtures() {}

  static Path checkpoint(String name) {
    return RESOURCES.resolve("checkpoints").resolve(name);
  }

  static Path resource(String name) {
    return RESOURCES.resolve(name);
  }

  static JsonNode json(Path path) {
    try {
      return JSON.readTree(path.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Copies a fixture's files into a folder. */
  static Path copy(String name, Path folder) throws IOException {
    try (Stream<Path> files = Files.list(checkpoint(name))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    return folder;
  }

  /** Rewrites a JSON file. */
  static void edit(Path path, Consumer<ObjectNode> change) throws IOException {
    ObjectNode node = (ObjectNode) json(path);
    change.accept(node);
    Files.write(path, JSON.writeValueAsBytes(node));
  }

  /** A safetensors file: the header's length, the header, as many zeros as data. */
  static byte[] safetensors(String header, int dataBytes) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  static void assertRefused(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(PolyLmException.class).hasMessage(message);
  }

  static void assertRefusedStarting(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(PolyLmException.class).hasMessageStartingWith(message);
  }
}
