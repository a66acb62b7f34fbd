package dev.polylm.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Puts the c_attn of a safetensors checkpoint into Megatron-LM's order. */
final class InterleavedCheckpoint {
  private static final Map<String, Integer> ELEMENT_BYTES = Map.of("F32", 4, "BF16", 2, "F16", 2);

  private InterleavedCheckpoint() {}

  /** Copies a checkpoint, its c_attn reordered, and returns the copy's folder. */
  static Path of(Path plain, Path copy) throws IOException {
    Files.createDirectory(copy);
    List<Path> files;
    try (Stream<Path> all = Files.list(plain)) {
      files = all.toList();
    }
    for (Path file : files) {
      Files.copy(file, copy.resolve(file.getFileName()));
    }
    JsonNode config = new ObjectMapper().readTree(copy.resolve("config.json").toFile());
    byte[] weights = Files.readAllBytes(copy.resolve("model.safetensors"));
    interleave(weights, config.path("n_head").asInt());
    Files.write(copy.resolve("model.safetensors"), weights);
    return copy;
  }

  /** Reorders the outputs, the last dimension of Conv1D's tensors, to [heads, 3, headDim]. */
  private static void interleave(byte[] file, int heads) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int header = Math.toIntExact(bytes.getLong(0));
    String json = new String(file, Long.BYTES, header, StandardCharsets.UTF_8);
    for (Map.Entry<String, JsonNode> entry : new ObjectMapper().readTree(json).properties()) {
      if (entry.getKey().contains("c_attn")) {
        JsonNode shape = entry.getValue().path("shape");
        int start = Long.BYTES + header + entry.getValue().at("/data_offsets/0").asInt();
        int end = Long.BYTES + header + entry.getValue().at("/data_offsets/1").asInt();
        int outputs = shape.path(shape.size() - 1).asInt();
        int size = ELEMENT_BYTES.getOrDefault(entry.getValue().path("dtype").asText(), 0);
        interleave(bytes.slice(start, end - start), outputs * size, heads);
      }
    }
  }

  private static void interleave(ByteBuffer tensor, int rowBytes, int heads) {
    int width = rowBytes / 3 / heads; // bytes of a head's part
    byte[] row = new byte[rowBytes];
    for (int at = 0; at < tensor.capacity(); at += rowBytes) {
      tensor.get(at, row);
      for (int run = 0; run < 3 * heads; run++) {
        int part = run / heads;
        int head = run % heads;
        tensor.put(at + (head * 3 + part) * width, row, run * width, width);
      }
    }
  }
}
