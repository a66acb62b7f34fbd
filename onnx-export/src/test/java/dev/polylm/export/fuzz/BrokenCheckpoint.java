package dev.polylm.export.fuzz;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.export.tokenizer.ModelBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A copy of a good checkpoint, or adapter to one, in which one mutant after the other is made. */
final class BrokenCheckpoint {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path RESOURCES = Path.of("src/test/resources");
  private static final Pattern DESCRIPTIONS =
      Pattern.compile("(adapter_)?config\\.json|.*\\.index\\.json");

  /** The keys of config.json and adapter_config.json that an export reads. */
  private static final List<String> KEYS =
      List.of(
          "peft_type",
          "r",
          "lora_alpha",
          "use_rslora",
          "rank_pattern",
          "alpha_pattern",
          "init_lora_weights",
          "bias",
          "loftq_config",
          "model_type",
          "n_embd",
          "n_head",
          "n_inner",
          "n_layer",
          "n_positions",
          "vocab_size",
          "activation_function",
          "layer_norm_epsilon",
          "scale_attn_weights",
          "eos_token_id",
          "tie_word_embeddings");

  private static final String TOKENIZER_CONFIG =
      """
      {"tokenizer_class": "LlamaTokenizer", "legacy": false, "add_bos_token": true,
       "bos_token": "<s>", "eos_token": {"content": "</s>", "lstrip": false},
       "unk_token": "<unk>", "pad_token": "<pad>",
       "added_tokens_decoder": {"1": {"content": "<s>"}, "10": {"content": "<pad>"}}}""";

  private final Path folder;
  private final Map<String, byte[]> good = new TreeMap<>();
  private final List<Way> ways = new ArrayList<>();

  /** A mutation and the file it is for. */
  private record Way(String file, Mutation mutation) {}

  private BrokenCheckpoint(Path folder) throws IOException {
    this.folder = Files.createDirectory(folder);
  }

  /**
   * Copies a checkpoint and a tokenizer.
   *
   * @param folder to be made
   */
  static BrokenCheckpoint checkpoint(String fixture, Path folder) throws IOException {
    BrokenCheckpoint checkpoint = new BrokenCheckpoint(folder);
    checkpoint.read(RESOURCES.resolve("checkpoints").resolve(fixture));
    checkpoint.good.put("tokenizer.model", ModelBytes.abc().toByteArray());
    checkpoint.add("tokenizer_config.json", TOKENIZER_CONFIG);
    checkpoint.add("special_tokens_map.json", "{\"bos_token\": \"<s>\", \"unk_token\": \"<unk>\"}");
    checkpoint.add("generation_config.json", "{\"eos_token_id\": [2, 7], \"max_new_tokens\": 5}");
    checkpoint.write("config.json");
    return checkpoint;
  }

  /**
   * Copies an adapter.
   *
   * @param folder to be made
   */
  static BrokenCheckpoint adapter(String fixture, Path folder) throws IOException {
    BrokenCheckpoint adapter = new BrokenCheckpoint(folder);
    adapter.read(RESOURCES.resolve("adapters").resolve(fixture));
    adapter.write("adapter_config.json");
    return adapter;
  }

  /** Writes what is good. */
  private void write(String configName) throws IOException {
    good.remove("reference.json");
    ObjectNode config = (ObjectNode) JSON.readTree(good.get(configName));
    good.put(configName, JSON.writeValueAsBytes(config.retain(KEYS)));
    for (Map.Entry<String, byte[]> file : good.entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
      addWays(file.getKey());
    }
  }

  private void read(Path source) throws IOException {
    try (Stream<Path> files = Files.list(source)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        good.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
  }

  private void add(String name, String content) {
    good.put(name, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Most mutants are of weight files and of what describes them. */
  private void addWays(String file) {
    add(1, file, FileMutations.place());
    if (file.endsWith(".safetensors")) {
      add(12, file, FileMutations.safetensorsJson());
      add(6, file, FileMutations.safetensorsHeader());
    } else if (file.endsWith(".bin")) {
      add(10, file, FileMutations.pickleInPlace());
      add(3, file, FileMutations.pickle());
      add(5, file, FileMutations.zipDirectory());
    } else if (file.endsWith(".json")) {
      add(DESCRIPTIONS.matcher(file).matches() ? 5 : 1, file, FileMutations.json());
      add(1, file, FileMutations.bytes());
    } else {
      add(4, file, FileMutations.bytes());
    }
  }

  private void add(int weight, String file, Mutation mutation) {
    for (int i = 0; i < weight; i++) {
      ways.add(new Way(file, mutation));
    }
  }

  Path folder() {
    return folder;
  }

  /**
   * Breaks one file.
   *
   * @return its name
   */
  String breakOne(Random random) throws IOException {
    Way way = ways.get(random.nextInt(ways.size()));
    way.mutation().apply(folder.resolve(way.file()), random);
    return way.file();
  }

  /** Puts a file back. */
  void repair(String file) throws IOException {
    Path path = folder.resolve(file);
    Files.deleteIfExists(path);
    Files.write(path, good.get(file));
  }
}
