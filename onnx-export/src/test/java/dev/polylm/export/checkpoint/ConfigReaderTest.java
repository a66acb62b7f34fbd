package dev.polylm.export.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {
  @TempDir Path folder;

  private ModelConfig read(String json) throws IOException {
    return ConfigReader.read(Files.writeString(folder.resolve("config.json"), json));
  }

  /** A config.json of the model type and the given keys, with ' for ". */
  private ModelConfig readKeys(String keys) throws IOException {
    return read(("{'model_type': 'gpt2'" + keys + "}").replace('\'', '"'));
  }

  @Test
  void absentKeysHaveHuggingFacesDefaults() throws IOException {
    assertThat(readKeys(""))
        .isEqualTo(
            new ModelConfig(
                50257, 1024, 768, 12, 12, 3072, Activation.GELU_TANH, 1e-5f, true, false, true));
  }

  @Test
  void aliasesStandForAbsentKeys() throws IOException {
    ModelConfig config =
        readKeys(
            ", 'hidden_size': 64, 'max_position_embeddings': 33, 'num_attention_heads': 4,"
                + " 'num_hidden_layers': 5");
    assertThat(config.nEmbd()).isEqualTo(64);
    assertThat(config.nInner()).isEqualTo(256);
    assertThat(config.nPositions()).isEqualTo(33);
    assertThat(config.nHead()).isEqualTo(4);
    assertThat(config.nLayer()).isEqualTo(5);
    assertThat(readKeys(", 'hidden_size': 24, 'n_embd': 24").nEmbd()).isEqualTo(24);
  }

  @Test
  void keysThatDoNotChangeTheComputationAreIgnored() throws IOException {
    ModelConfig config =
        readKeys(
            ", 'n_ctx': 5, 'resid_pdrop': 0.5, 'reorder_and_upcast_attn': true, 'use_cache': 'no',"
                + " 'torch_dtype': 'float16', 'id2label': {'0': 'x'}, 'auto_map': {'AutoConfig': 'a.B'},"
                + " 'task_specific_params': {'text-generation': {'max_length': 50}},"
                + " 'quantization_config': null, 'never_heard_of': [[1]]");
    assertThat(config).isEqualTo(readKeys(""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'n_embd': 'x' | n_embd is \"x\", expected a whole number from 1 to 100000000",
        "'n_embd': 32.0 | n_embd is 32.0, expected a whole number from 1 to 100000000",
        "'n_embd': true | n_embd is true, expected a whole number from 1 to 100000000",
        "'n_embd': null | n_embd is null, expected a whole number from 1 to 100000000",
        "'n_embd': [32] | n_embd is an array of 1, expected a whole number from 1 to 100000000",
        "'n_layer': 0 | n_layer is 0, expected a whole number from 1 to 10000",
        "'n_layer': 10001 | n_layer is 10001, expected a whole number from 1 to 10000",
        "'vocab_size': -3 | vocab_size is -3, expected a whole number from 1 to 100000000",
        "'n_positions': 4294967297 | n_positions is 4294967297, expected a whole number from 1 to"
            + " 100000000",
        "'n_inner': 0 | n_inner is 0, expected a whole number from 1 to 100000000",
        "'n_head': 5 | n_head is 5, expected a divisor of n_embd, which is 768",
        "'n_embd': 64, 'hidden_size': 32 | hidden_size is 32, expected the value of n_embd, which is"
            + " 64",
        "'activation_function': 'mish' | activation_function is \"mish\", expected one of gelu,"
            + " gelu_accurate, gelu_fast, gelu_new, gelu_python, gelu_python_tanh,"
            + " gelu_pytorch_tanh, quick_gelu, relu, relu2, sigmoid, silu, swish, tanh",
        "'activation_function': 3 | activation_function is 3, expected one of gelu, gelu_accurate,"
            + " gelu_fast, gelu_new, gelu_python, gelu_python_tanh, gelu_pytorch_tanh, quick_gelu,"
            + " relu, relu2, sigmoid, silu, swish, tanh",
        "'layer_norm_epsilon': 0 | layer_norm_epsilon is 0, expected a number between 0 and 1",
        "'layer_norm_epsilon': '1e-5' | layer_norm_epsilon is \"1e-5\", expected a number between 0"
            + " and 1",
        "'layer_norm_epsilon': 1e-60 | layer_norm_epsilon is 1.0E-60, expected a number between 0"
            + " and 1",
        "'scale_attn_weights': 1 | scale_attn_weights is 1, expected true or false",
        "'tie_word_embeddings': null | tie_word_embeddings is null, expected true or false",
        "'scale_attn_by_inverse_layer_idx': 'yes' | scale_attn_by_inverse_layer_idx is \"yes\","
            + " expected true or false",
        "'add_cross_attention': true | add_cross_attention is true, expected false: cross attention"
            + " isn't supported",
        "'quantization_config': {'bits': 4} | quantization_config is an object of 1, expected none:"
            + " weights of full precision",
      })
  void aBadValueIsNamed(String keys, String message) {
    Fixtures.assertRefused(() -> readKeys(", " + keys), "config.json: " + message);
  }

  @Test
  void otherModelTypesAreRefused() {
    Fixtures.assertRefused(
        () -> read("{}"), "config.json: model_type is missing, expected \"gpt2\" or \"polylm\"");
    Fixtures.assertRefused(
        () -> read("{\"model_type\": \"llama\"}"),
        "config.json: model_type is \"llama\", expected \"gpt2\" or \"polylm\"");
    Fixtures.assertRefused(
        () -> read("{\"model_type\": \"" + "x\\n".repeat(200) + "\"}"),
        "config.json: model_type is \""
            + "x\\n".repeat(39)
            + "x\\..., expected \"gpt2\" or \"polylm\"");
  }

  @Test
  void brokenJsonIsRefused() {
    Fixtures.assertRefused(() -> read(""), "config.json: is empty, expected a JSON object");
    Fixtures.assertRefused(
        () -> read("[1, 2]"), "config.json: is an array of 2, expected a JSON object");
    Fixtures.assertRefusedStarting(
        () -> read("{\"n_embd\": 32"), "config.json: is not valid JSON: it ends too early");
    Fixtures.assertRefusedStarting(
        () -> read("{} {}"), "config.json: is not valid JSON: more follows after its end");
    Fixtures.assertRefusedStarting(
        () -> read("{\"n_embd\": 32, \"n_embd\": 64}"),
        "config.json: is not valid JSON: Duplicate");
  }

  @Test
  void jsonThatWouldFillStackOrHeapIsRefused() {
    Fixtures.assertRefusedStarting(
        () -> read("{\"a\":" + "[".repeat(1_000_000)),
        "config.json: is not valid JSON: Document nesting depth (101)");
    Fixtures.assertRefusedStarting(
        () -> read("{\"a\":[" + "[],".repeat(1_000_000) + "1]}"),
        "config.json: is not valid JSON: Token count (500001)");
    Fixtures.assertRefusedStarting(
        () -> read("{\"n_embd\":" + "1".repeat(5_000) + "}"),
        "config.json: is not valid JSON: Number value length (5000)");
    Fixtures.assertRefused(
        () -> {
          byte[] blanks = " ".repeat((16 << 20) + 1).getBytes(StandardCharsets.UTF_8);
          ConfigReader.read(Files.write(folder.resolve("config.json"), blanks));
        },
        "config.json: is longer than 16777216 bytes, expected a small JSON file");
  }
}
