package dev.polylm.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a checkpoint of any size with random bf16 weights. Memory stays small and the disk's speed
 * is reached whatever the size.
 */
public final class RandomCheckpoint {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;
  private final boolean torch;
  private final int shards;

  private RandomCheckpoint(Path directory, boolean torch, int shards) {
    this.directory = directory;
    this.torch = torch;
    this.shards = shards;
  }

  /** A model's sizes, as in its config.json. */
  public record Size(int layers, int hidden, int heads, int vocabulary, int positions) {}

  /** Writes config.json and the weights in one safetensors file. */
  static void write(Path directory, Size size) throws IOException {
    write(directory, size, false, 1);
  }

  /**
   * Writes config.json and the weights.
   *
   * @param torch whether the files are PyTorch's, else safetensors
   * @param shards how many files there are
   */
  public static void write(Path directory, Size size, boolean torch, int shards)
      throws IOException {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("model_type", "gpt2");
    config.put("n_layer", size.layers);
    config.put("n_embd", size.hidden);
    config.put("n_head", size.heads);
    config.put("vocab_size", size.vocabulary);
    config.put("n_positions", size.positions);
    config.put("activation_function", "gelu");
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("config.json"), JSON.writeValueAsString(config));
    new RandomCheckpoint(directory, torch, shards)
        .write(shapes(size.layers, size.hidden, size.vocabulary, size.positions));
  }

  /** Writes the weights that a folder's config.json calls for as holes, which take no disk. */
  static void sparse(Path directory) throws IOException {
    JsonNode config = JSON.readTree(directory.resolve("config.json").toFile());
    RandomWeights.writeSparse(
        directory.resolve("model.safetensors"),
        shapes(
            config.path("n_layer").asInt(),
            config.path("n_embd").asInt(),
            config.path("vocab_size").asInt(),
            config.path("n_positions").asInt()));
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

  private void write(Map<String, List<Integer>> shapes) throws IOException {
    String name = torch ? "pytorch_model.bin" : "model.safetensors";
    if (shards == 1) {
      writeFile(name, shapes);
      return;
    }
    Map<String, String> index = new TreeMap<>();
    List<Map<String, List<Integer>>> parts = split(shapes);
    for (int i = 0; i < shards; i++) {
      String number = "-%05d-of-%05d.".formatted(i + 1, shards);
      String shard = name.replace(".", number);
      writeFile(shard, parts.get(i));
      parts.get(i).keySet().forEach(tensor -> index.put(tensor, shard));
    }
    Map<String, Object> content = Map.of("metadata", Map.of(), "weight_map", index);
    Files.writeString(directory.resolve(name + ".index.json"), JSON.writeValueAsString(content));
  }

  /** Shards of about the same size, each tensor in the one where its middle falls. */
  private List<Map<String, List<Integer>>> split(Map<String, List<Integer>> shapes) {
    List<Map<String, List<Integer>>> parts = new ArrayList<>();
    for (int i = 0; i < shards; i++) {
      parts.add(new LinkedHashMap<>());
    }
    long total = shapes.values().stream().mapToLong(RandomWeights::bytes).sum();
    long before = 0;
    for (Map.Entry<String, List<Integer>> entry : shapes.entrySet()) {
      long bytes = RandomWeights.bytes(entry.getValue());
      int part = (int) ((before + bytes / 2) * shards / total);
      parts.get(part).put(entry.getKey(), entry.getValue());
      before += bytes;
    }
    return parts;
  }

  private void writeFile(String name, Map<String, List<Integer>> shapes) throws IOException {
    if (torch) {
      RandomWeights.writeTorch(directory.resolve(name), shapes);
    } else {
      RandomWeights.writeSafetensors(directory.resolve(name), shapes);
    }
  }
}
