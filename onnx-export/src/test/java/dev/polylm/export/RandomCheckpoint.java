package dev.polylm.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Writes a checkpoint of any size with random bf16 weights, to measure exports with.
 *
 * <p>Usage: {@code RandomCheckpoint DIR LAYERS HIDDEN HEADS VOCABULARY POSITIONS}. PolyLM 1.7B is
 * 24 2048 16 256000 2048, 13B is 40 5120 40 256000 2048.
 */
final class RandomCheckpoint {
  private static final int WINDOW = 1 << 20; // bytes written at a time

  private RandomCheckpoint() {}

  /** Writes config.json and model.safetensors. */
  public static void main(String[] args) throws IOException {
    Path directory = Files.createDirectories(Path.of(args[0]));
    int layers = Integer.parseInt(args[1]);
    int hidden = Integer.parseInt(args[2]);
    int heads = Integer.parseInt(args[3]);
    int vocabulary = Integer.parseInt(args[4]);
    int positions = Integer.parseInt(args[5]);
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("model_type", "gpt2");
    config.put("n_layer", layers);
    config.put("n_embd", hidden);
    config.put("n_head", heads);
    config.put("vocab_size", vocabulary);
    config.put("n_positions", positions);
    config.put("activation_function", "gelu");
    Files.writeString(
        directory.resolve("config.json"), new ObjectMapper().writeValueAsString(config));
    write(directory.resolve("model.safetensors"), shapes(layers, hidden, vocabulary, positions));
  }

  private static Map<String, List<Integer>> shapes(
      int layers, int hidden, int vocabulary, int positions) {
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    shapes.put("transformer.wte.weight", List.of(vocabulary, hidden));
    shapes.put("transformer.wpe.weight", List.of(positions, hidden));
    for (int layer = 0; layer < layers; layer++) {
      String prefix = "transformer.h." + layer + ".";
      norm(shapes, prefix + "ln_1", hidden);
      linear(shapes, prefix + "attn.c_attn", hidden, 3 * hidden);
      linear(shapes, prefix + "attn.c_proj", hidden, hidden);
      norm(shapes, prefix + "ln_2", hidden);
      linear(shapes, prefix + "mlp.c_fc", hidden, 4 * hidden);
      linear(shapes, prefix + "mlp.c_proj", 4 * hidden, hidden);
    }
    norm(shapes, "transformer.ln_f", hidden);
    return shapes;
  }

  private static void norm(Map<String, List<Integer>> shapes, String name, int hidden) {
    shapes.put(name + ".weight", List.of(hidden));
    shapes.put(name + ".bias", List.of(hidden));
  }

  private static void linear(Map<String, List<Integer>> shapes, String name, int in, int out) {
    shapes.put(name + ".weight", List.of(in, out));
    shapes.put(name + ".bias", List.of(out));
  }

  private static void write(Path file, Map<String, List<Integer>> shapes) throws IOException {
    Map<String, Object> header = new LinkedHashMap<>();
    long end = 0;
    for (Map.Entry<String, List<Integer>> entry : shapes.entrySet()) {
      long start = end;
      end += 2 * entry.getValue().stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
      header.put(
          entry.getKey(),
          Map.of("dtype", "BF16", "shape", entry.getValue(), "data_offsets", List.of(start, end)));
    }
    byte[] json = new ObjectMapper().writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), WINDOW)) {
      ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      out.write(length.putLong(json.length).array());
      out.write(json);
      byte[] window = randomWindow();
      for (long done = 0; done < end; done += window.length) {
        out.write(window, 0, (int) Math.min(window.length, end - done));
      }
    }
  }

  /** Numbers in (-0.04, 0.04), which is what a trained model's weights look like in size. */
  private static byte[] randomWindow() {
    SplittableRandom random = new SplittableRandom(17);
    ByteBuffer window = ByteBuffer.allocate(WINDOW).order(ByteOrder.LITTLE_ENDIAN);
    while (window.hasRemaining()) {
      float value = (float) random.nextDouble(-0.04, 0.04);
      window.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
    }
    return window.array();
  }
}
