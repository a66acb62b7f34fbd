package dev.polylm.integration;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Writes PEFT LoRA adapters of random numbers for polylm-tiny. */
final class RandomAdapter {
  private static final int LAYERS = 6;
  private static final int WIDTH = 256;

  private final Random random;
  private final List<String> header = new ArrayList<>();
  private final ByteBuffer data = ByteBuffer.allocate(32 << 20).order(ByteOrder.LITTLE_ENDIAN);

  private final double spread;

  private RandomAdapter(long seed, int rank) {
    random = new Random(seed);
    spread = 0.12 / Math.sqrt(Math.sqrt(rank)); // changes answers alike, whatever the rank
  }

  /** Writes an adapter on the four matrices of each layer. */
  static Path write(Path folder, long seed, int rank) throws IOException {
    return new RandomAdapter(seed, rank).write(Files.createDirectories(folder), rank);
  }

  /** Writes an adapter that also changes the head. */
  static Path writeWithHead(Path folder, long seed, int rank, int vocabSize) throws IOException {
    RandomAdapter adapter = new RandomAdapter(seed, rank);
    adapter.tensor("base_model.model.lm_head.lora_A.weight", rank, WIDTH);
    adapter.tensor("base_model.model.lm_head.lora_B.weight", vocabSize, rank);
    return adapter.write(Files.createDirectories(folder), rank);
  }

  private Path write(Path folder, int rank) throws IOException {
    for (int layer = 0; layer < LAYERS; layer++) {
      pair(layer, "attn.c_attn", WIDTH, 3 * WIDTH, rank);
      pair(layer, "attn.c_proj", WIDTH, WIDTH, rank);
      pair(layer, "mlp.c_fc", WIDTH, 4 * WIDTH, rank);
      pair(layer, "mlp.c_proj", 4 * WIDTH, WIDTH, rank);
    }
    byte[] json = ("{" + String.join(",", header) + "}").getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(Long.BYTES + json.length + data.position())
            .order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(json.length).put(json).put(data.flip());
    Files.write(folder.resolve("adapter_model.safetensors"), file.array());
    Files.writeString(
        folder.resolve("adapter_config.json"),
        "{\"peft_type\": \"LORA\", \"r\": %s, \"lora_alpha\": %s}".formatted(rank, 2 * rank));
    return folder;
  }

  private void pair(int layer, String matrix, int in, int out, int rank) {
    String name = "base_model.model.transformer.h." + layer + "." + matrix;
    tensor(name + ".lora_A.weight", rank, in);
    tensor(name + ".lora_B.weight", out, rank);
  }

  private void tensor(String name, int rows, int columns) {
    int from = data.position();
    for (int i = 0; i < rows * columns; i++) {
      data.putFloat((float) (random.nextGaussian() * spread));
    }
    header.add(
        "\"%s\":{\"dtype\":\"F32\",\"shape\":[%s,%s],\"data_offsets\":[%s,%s]}"
            .formatted(name, rows, columns, from, data.position()));
  }
}
