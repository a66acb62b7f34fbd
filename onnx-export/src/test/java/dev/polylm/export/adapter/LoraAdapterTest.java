package dev.polylm.export.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLmException;
import dev.polylm.export.checkpoint.Checkpoint;
import dev.polylm.export.parallel.Workers;
import dev.polylm.export.reference.ReferenceModel;
import dev.polylm.export.tensor.ElementType;
import dev.polylm.export.tensor.StoredTensor;
import dev.polylm.export.weights.ModelWeights;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoraAdapterTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path ADAPTERS = Path.of("src/test/resources/adapters");
  private static final Path CHECKPOINTS = Path.of("src/test/resources/checkpoints");

  @TempDir Path folder;

  /** The logits of Hugging Face's model with PEFT's adapter. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "lora",
        "lora-rslora",
        "lora-head",
        "bias-all",
        "bias-lora-only-bin",
        "saved-head",
        "saved-head-tied",
        "saved-embedding",
        "saved-both",
        "saved-norm",
        "patterns"
      })
  void mergedLogitsAreHuggingFaces(String name) throws IOException {
    JsonNode reference = JSON.readTree(ADAPTERS.resolve(name).resolve("reference.json").toFile());
    int[] inputIds = JSON.convertValue(reference.get("input_ids"), int[].class);
    float[][] expected = JSON.convertValue(reference.get("logits"), float[][].class);
    try (Checkpoint base = Checkpoint.open(CHECKPOINTS.resolve(reference.get("base").textValue()));
        LoraAdapter adapter = LoraAdapter.open(ADAPTERS.resolve(name));
        Workers workers = new Workers(2)) {
      LoraAdapter.Merged merged = adapter.merge(base.config(), base.tensors());
      ReferenceModel model = ReferenceModel.open(merged.config(), merged.tensors(), workers);
      float[][] logits = model.logits(inputIds, IntStream.range(0, inputIds.length).toArray());
      for (int position = 0; position < inputIds.length; position++) {
        for (int id = 0; id < expected[position].length; id++) {
          assertThat(Math.abs(logits[position][id] - expected[position][id])).isLessThan(1e-4f);
        }
      }
    }
  }

  /** PEFT would change a tied embedding with its head; here they part. */
  @Test
  void aChangedHeadIsTiedNoMore() {
    try (Checkpoint base = Checkpoint.open(CHECKPOINTS.resolve("safetensors-fp32"));
        LoraAdapter head = LoraAdapter.open(ADAPTERS.resolve("lora-head"));
        LoraAdapter layers = LoraAdapter.open(ADAPTERS.resolve("lora"))) {
      assertThat(base.config().tieWordEmbeddings()).isTrue();
      LoraAdapter.Merged untied = head.merge(base.config(), base.tensors());
      assertThat(untied.config().tieWordEmbeddings()).isFalse();
      assertThat(untied.tensors()).containsKey("lm_head.weight");
      assertThat(untied.tensors().get("transformer.wte.weight"))
          .isSameAs(base.tensors().get("transformer.wte.weight"));
      LoraAdapter.Merged tied = layers.merge(base.config(), base.tensors());
      assertThat(tied.config()).isEqualTo(base.config());
      assertThat(tied.tensors()).hasSameSizeAs(base.tensors());
    }
  }

  /** The square c_proj too follows the layout that c_attn's shape tells. */
  @Test
  void changesWeightsInEitherLayout() {
    try (Checkpoint conv1d = Checkpoint.open(CHECKPOINTS.resolve("no-prefix"));
        Checkpoint linear = Checkpoint.open(CHECKPOINTS.resolve("linear-layout-polylm-head"));
        LoraAdapter adapter = LoraAdapter.open(ADAPTERS.resolve("lora"))) {
      float[] rows = change(adapter, linear, "transformer.h.1.attn.c_proj.weight"); // [out, in]
      float[] columns = change(adapter, conv1d, "h.1.attn.c_proj.weight"); // [in, out]
      for (int out = 0; out < 32; out++) {
        for (int in = 0; in < 32; in++) {
          assertThat(Math.abs(rows[out * 32 + in] - columns[in * 32 + out])).isLessThan(1e-5f);
        }
      }
      assertThat(Math.abs(rows[1] - rows[32])).isGreaterThan(0.01f);
    }
  }

  private static float[] change(LoraAdapter adapter, Checkpoint checkpoint, String name) {
    StoredTensor base = checkpoint.tensors().get(name);
    StoredTensor merged =
        adapter.merge(checkpoint.config(), checkpoint.tensors()).tensors().get(name);
    assertThat(merged.type()).isEqualTo(ElementType.F32);
    assertThat(merged.shape()).isEqualTo(base.shape());
    float[] before = new float[32 * 32];
    float[] after = new float[32 * 32];
    base.read(0, before, 0, before.length);
    merged.read(0, after, 0, 40); // a window that ends within a row, and one that begins there
    merged.read(40, after, 40, after.length - 40);
    for (int i = 0; i < after.length; i++) {
      after[i] -= before[i];
    }
    return after;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "use_dora | true | use_dora is true, expected it to be off, as it changes what the model"
            + " computes",
        "bias | \"some\" | bias is \"some\", expected \"none\", \"all\" or \"lora_only\"",
        "a_method_to_come | {\"x\": 1} | a_method_to_come is an object of 1, expected it to be off,"
            + " as it changes what the model computes",
        "init_lora_weights | \"pissa\" | init_lora_weights is \"pissa\", expected true, false,"
            + " \"gaussian\" or \"orthogonal\"",
        "peft_type | \"IA3\" | peft_type is \"IA3\", expected \"LORA\"",
        "r | 0 | r is 0, expected a whole number from 1 to 20480",
        "r | \"4\" | r is \"4\", expected a whole number from 1 to 20480",
        "lora_alpha | null | lora_alpha is null, expected a number",
        "use_rslora | 1 | use_rslora is 1, expected true or false",
        "rank_pattern | [4] | rank_pattern is an array of 1, expected an object",
        "rank_pattern | {\"c_fc\": 1.5} | rank_pattern.c_fc is 1.5, expected a whole number from 1"
            + " to 20480",
        "alpha_pattern | {\"a{9}\": 4} | alpha_pattern: key a{9} is not a simple expression,"
            + " expected up to 200 letters, digits and signs, without braces",
        "rank_pattern | {\"(c_fc\": 4} | rank_pattern: key (c_fc is not a regular expression:"
            + " Unclosed"
            + " group",
      })
  void refusesSettings(String name, String value, String message) throws IOException {
    copy("lora");
    edit(config -> config.set(name, parse(value)));
    assertThatThrownBy(() -> LoraAdapter.open(folder))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("adapter_config.json: " + message);
  }

  @Test
  void aModulesRankMustBeItsTensors() throws IOException {
    copy("lora");
    edit(config -> config.putObject("rank_pattern").put("mlp.c_fc", 8));
    assertMergeFails(
        "safetensors-fp32",
        "adapter_model.safetensors: tensor"
            + " base_model.model.transformer.h.0.mlp.c_fc.lora_A.weight has shape [4, 32],"
            + " expected [8, 32]");
  }

  @Test
  void aPatternThatTakesTooLongIsRefused() throws IOException {
    copy("lora");
    edit(config -> config.putObject("alpha_pattern").put("([a-z0-9._]+)+([a-z0-9._]+)+\\3X", 8));
    assertMergeFails(
        "safetensors-fp32",
        "adapter_config.json: alpha_pattern: key ([a-z0-9._]+)+([a-z0-9._]+)+\\3X takes too long to"
            + " match, expected a simple one");
  }

  /** PEFT 0.21 warns of the same keys. */
  @Test
  void namesPatternsThatMatchNothing() {
    try (LoraAdapter adapter = LoraAdapter.open(ADAPTERS.resolve("patterns"))) {
      assertThat(adapter.warnings())
          .containsExactly(
              "adapter_config.json: alpha_pattern: key ^h.0.attn.c_attn names no module that the"
                  + " adapter changes; PEFT ignores it too",
              "adapter_config.json: alpha_pattern: key attn names no module that the adapter"
                  + " changes; PEFT ignores it too");
    }
    try (LoraAdapter adapter = LoraAdapter.open(ADAPTERS.resolve("lora-head"))) {
      assertThat(adapter.warnings()).isEmpty();
    }
  }

  /** Trained for a vocabulary that was made larger, which the checkpoint's was not. */
  @Test
  void aSavedModuleMustHaveTheShapeOfWhatItReplaces() throws IOException {
    copy("saved-both");
    assertMergeFails(
        "four-heads-odd-vocab",
        "adapter_model.safetensors: tensor base_model.model.lm_head.weight has shape [320, 32],"
            + " expected [317, 32]");
  }

  @Test
  void anEmbeddingAndAHeadThatWereSavedAlikeStayTied() {
    try (Checkpoint base = Checkpoint.open(CHECKPOINTS.resolve("safetensors-fp32"));
        LoraAdapter alike = LoraAdapter.open(ADAPTERS.resolve("saved-head-tied"));
        LoraAdapter apart = LoraAdapter.open(ADAPTERS.resolve("saved-both"))) {
      assertThat(isTied(base, alike)).isTrue();
      assertThat(isTied(base, apart)).isFalse();
    }
  }

  private static boolean isTied(Checkpoint base, LoraAdapter adapter) {
    LoraAdapter.Merged merged = adapter.merge(base.config(), base.tensors());
    ModelWeights weights = ModelWeights.of(merged.config(), merged.tensors());
    return weights.head() == weights.tokenEmbedding();
  }

  @Test
  void refusesAnAdapterOfAnotherModel() throws IOException {
    copy("lora");
    assertMergeFails(
        "narrow-mlp-relu",
        "adapter_model.safetensors: tensor"
            + " base_model.model.transformer.h.0.mlp.c_fc.lora_B.weight has shape [128, 4],"
            + " expected [96, 4]");
  }

  @Test
  void refusesAChangeOfWhatIsNotThere() throws IOException {
    try (Checkpoint base = Checkpoint.open(CHECKPOINTS.resolve("safetensors-fp32"));
        LoraAdapter adapter = LoraAdapter.open(ADAPTERS.resolve("lora"))) {
      Map<String, StoredTensor> tensors = new TreeMap<>(base.tensors());
      tensors.remove("transformer.h.1.mlp.c_fc.weight");
      assertThatThrownBy(() -> adapter.merge(base.config(), tensors))
          .isInstanceOf(PolyLmException.class)
          .hasMessage(
              "the adapter changes transformer.h.1.mlp.c_fc.weight, which the checkpoint does not"
                  + " have; is it an adapter of another model?");
    }
  }

  /** Names are changed in place, to others of the same length. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "h.0.mlp.c_fc.lora_A | h.0.mlp.c_fx.lora_A | tensor"
            + " base_model.model.transformer.h.0.mlp.c_fx.lora_A.weight is unknown, expected lora_A"
            + " and lora_B of c_attn, c_proj, c_fc or lm_head",
        "h.1.mlp.c_fc.lora_B | h.7.mlp.c_fc.lora_B | module transformer.h.1.mlp.c_fc has no lora_B,"
            + " expected lora_A and lora_B",
        "h.1.mlp.c_fc.lora_A | h.7.mlp.c_fc.lora_A | module transformer.h.1.mlp.c_fc has no lora_A,"
            + " expected lora_A and lora_B",
      })
  void refusesTensors(String name, String other, String message) throws IOException {
    copy("lora");
    Path file = folder.resolve("adapter_model.safetensors");
    String content = Files.readString(file, StandardCharsets.ISO_8859_1);
    Files.writeString(file, content.replace(name, other), StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> LoraAdapter.open(folder))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("adapter_model.safetensors: " + message);
  }

  @Test
  void namesFilesThatAreMissing() throws IOException {
    assertThatThrownBy(() -> LoraAdapter.open(folder.resolve("none")))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(folder.resolve("none") + ": is not a folder, expected an adapter's folder");
    assertThatThrownBy(() -> LoraAdapter.open(folder))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("adapter_config.json: no such file in " + folder);
    copy("lora");
    Path weights = folder.resolve("adapter_model.safetensors");
    Files.delete(weights);
    assertThatThrownBy(() -> LoraAdapter.open(folder))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            "adapter_model.safetensors: is not a regular file (missing, a folder, or a link to"
                + " nothing): "
                + weights);
  }

  @Test
  void aClosedAdapterCannotBeRead() {
    try (Checkpoint base = Checkpoint.open(CHECKPOINTS.resolve("safetensors-fp32"))) {
      LoraAdapter adapter = LoraAdapter.open(ADAPTERS.resolve("lora"));
      StoredTensor merged =
          adapter
              .merge(base.config(), base.tensors())
              .tensors()
              .get("transformer.h.0.mlp.c_fc.weight");
      adapter.close();
      adapter.close();
      assertThatThrownBy(() -> merged.read(0, new float[1], 0, 1))
          .isInstanceOf(PolyLmException.class)
          .hasMessageContaining("adapter_model.safetensors");
    }
  }

  private void assertMergeFails(String checkpoint, String message) {
    try (Checkpoint base = Checkpoint.open(CHECKPOINTS.resolve(checkpoint));
        LoraAdapter adapter = LoraAdapter.open(folder)) {
      assertThatThrownBy(() -> adapter.merge(base.config(), base.tensors()))
          .isInstanceOf(PolyLmException.class)
          .hasMessage(message);
    }
  }

  private void copy(String adapter) throws IOException {
    try (Stream<Path> files = Files.list(ADAPTERS.resolve(adapter))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
  }

  private interface Edit {
    void edit(ObjectNode config);
  }

  private void edit(Edit edit) throws IOException {
    Path path = folder.resolve("adapter_config.json");
    ObjectNode config = (ObjectNode) JSON.readTree(path.toFile());
    edit.edit(config);
    JSON.writeValue(path.toFile(), config);
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
