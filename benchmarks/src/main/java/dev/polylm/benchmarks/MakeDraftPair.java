package dev.polylm.benchmarks;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes two checkpoints, a model and a draft model, whose guesses are right with a known
 * probability.
 *
 * <p>Usage: {@code java -cp "benchmarks/target/classes:benchmarks/target/lib/*"
 * dev.polylm.benchmarks.MakeDraftPair DIR PERCENT VOCABULARY LAYERS HIDDEN HEADS DRAFT_LAYERS
 * DRAFT_HIDDEN DRAFT_HEADS}. It writes DIR/model and DIR/draft.
 *
 * <p>An id's embedding is a vector of random signs, and the blocks add next to nothing to it. The
 * head has that vector in the row of the id that shall follow, so the model runs through all ids in
 * a fixed order. The draft model's head has the same order, except that so many percent of the ids,
 * chosen by a hash, are followed by another id. All matrices have the sizes that they would have in
 * a trained model, so the times are those of such a model.
 */
final class MakeDraftPair {
  private static final int POSITIONS = 2048;
  private static final float EMBEDDING = 0.02f;
  private static final float BLOCK = 1e-4f;

  private final OutputStream out;
  private final int vocabulary;
  private final int hidden;

  /** A tensor of a checkpoint and what writes it. */
  private record Tensor(String name, int rows, int columns, Row row) {
    long bytes() {
      return 2L * rows * columns;
    }

    String shape() {
      return rows == 1 ? "[%s]".formatted(columns) : "[%s,%s]".formatted(rows, columns);
    }
  }

  /** Writes a row of a tensor. */
  private interface Row {
    void write(int row) throws IOException;
  }

  private MakeDraftPair(OutputStream out, int vocabulary, int hidden) {
    this.out = out;
    this.vocabulary = vocabulary;
    this.hidden = hidden;
  }

  public static void main(String[] args) throws IOException {
    int[] sizes = new int[args.length - 1];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Integer.parseInt(args[i + 1]);
    }
    write(Path.of(args[0], "model"), 100, sizes[1], sizes[2], sizes[3], sizes[4]);
    write(Path.of(args[0], "draft"), sizes[0], sizes[1], sizes[5], sizes[6], sizes[7]);
  }

  private static void write(
      Path directory, int percent, int vocabulary, int layers, int hidden, int heads)
      throws IOException {
    Files.createDirectories(directory);
    Files.writeString(
        directory.resolve("config.json"),
        """
        {"model_type": "gpt2", "n_layer": %s, "n_embd": %s, "n_head": %s, "vocab_size": %s,
         "n_positions": %s, "activation_function": "gelu", "tie_word_embeddings": false}
        """
            .formatted(layers, hidden, heads, vocabulary, POSITIONS));
    try (OutputStream out =
        new BufferedOutputStream(
            Files.newOutputStream(directory.resolve("model.safetensors")), 1 << 20)) {
      new MakeDraftPair(out, vocabulary, hidden).write(layers, percent);
    }
  }

  private void write(int layers, int percent) throws IOException {
    int[] before = before(percent);
    List<Tensor> tensors = new ArrayList<>();
    tensors.add(new Tensor("transformer.wte.weight", vocabulary, hidden, this::embedding));
    tensors.add(new Tensor("transformer.wpe.weight", POSITIONS, hidden, row -> same(hidden, 0)));
    for (int layer = 0; layer < layers; layer++) {
      String prefix = "transformer.h." + layer + ".";
      addNorm(tensors, prefix + "ln_1");
      addLinear(tensors, prefix + "attn.c_attn", hidden, 3 * hidden);
      addLinear(tensors, prefix + "attn.c_proj", hidden, hidden);
      addNorm(tensors, prefix + "ln_2");
      addLinear(tensors, prefix + "mlp.c_fc", hidden, 4 * hidden);
      addLinear(tensors, prefix + "mlp.c_proj", 4 * hidden, hidden);
    }
    addNorm(tensors, "transformer.ln_f");
    tensors.add(new Tensor("lm_head.weight", vocabulary, hidden, row -> head(before[row])));
    out.write(header(tensors));
    for (Tensor tensor : tensors) {
      for (int row = 0; row < tensor.rows(); row++) {
        tensor.row().write(row);
      }
    }
  }

  private void addNorm(List<Tensor> tensors, String name) {
    tensors.add(new Tensor(name + ".weight", 1, hidden, row -> same(hidden, 1)));
    tensors.add(new Tensor(name + ".bias", 1, hidden, row -> same(hidden, 0)));
  }

  private void addLinear(List<Tensor> tensors, String name, int in, int outputs) {
    tensors.add(
        new Tensor(
            name + ".weight", in, outputs, row -> signs(row ^ name.hashCode(), outputs, BLOCK)));
    tensors.add(new Tensor(name + ".bias", 1, outputs, row -> same(outputs, 0)));
  }

  /** Returns the id that each id follows, or -1 if it follows none. */
  private int[] before(int percent) {
    int[] before = new int[vocabulary];
    Arrays.fill(before, -1);
    for (int id = 0; id < vocabulary; id++) {
      boolean right = Long.remainderUnsigned(mix(id * 31L + 7), 100) < percent;
      before[right ? next(id) : (next(id) + 1) % vocabulary] = id;
    }
    return before;
  }

  /** A step that runs through all ids before it comes back, if the vocabulary's primes are 2, 5. */
  private int next(int id) {
    return (int) ((id * 2_021L + 7_919) % vocabulary);
  }

  private static byte[] header(List<Tensor> tensors) {
    List<String> entries = new ArrayList<>();
    long end = 0;
    for (Tensor tensor : tensors) {
      long start = end;
      end += tensor.bytes();
      entries.add(
          "\"%s\":{\"dtype\":\"BF16\",\"shape\":%s,\"data_offsets\":[%s,%s]}"
              .formatted(tensor.name(), tensor.shape(), start, end));
    }
    byte[] json =
        entries.stream()
            .collect(Collectors.joining(",", "{", "}"))
            .getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Long.BYTES + json.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  private void embedding(int id) throws IOException {
    signs(id, hidden, EMBEDDING);
  }

  private void head(int id) throws IOException {
    if (id < 0) {
      same(hidden, 0);
    } else {
      embedding(id);
    }
  }

  /** Writes a row of one size with random signs. */
  private void signs(int seed, int count, float size) throws IOException {
    ByteBuffer row = ByteBuffer.allocate(2 * count).order(ByteOrder.LITTLE_ENDIAN);
    short bits = bf16(size);
    for (int i = 0; i < count; i += Long.SIZE) {
      long random = mix(((long) seed << 20) + i);
      for (int j = 0; j < Math.min(Long.SIZE, count - i); j++) {
        row.putShort((short) (bits ^ (random >>> j & 1) << 15));
      }
    }
    out.write(row.array());
  }

  private void same(int count, float value) throws IOException {
    ByteBuffer row = ByteBuffer.allocate(2 * count).order(ByteOrder.LITTLE_ENDIAN);
    while (row.hasRemaining()) {
      row.putShort(bf16(value));
    }
    out.write(row.array());
  }

  private static short bf16(float value) {
    return (short) (Float.floatToRawIntBits(value) >>> 16);
  }

  private static long mix(long bits) {
    long mixed = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
