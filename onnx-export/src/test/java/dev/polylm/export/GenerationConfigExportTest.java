package dev.polylm.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import dev.polylm.model.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The defaults of generation in an export. */
class GenerationConfigExportTest extends SmallExport {
  @Test
  void generationConfigIsTheCheckpoints() throws IOException {
    Files.writeString(checkpoint.resolve("generation_config.json"), "{\"eos_token_id\": [2, 7]}");

    Manifest manifest = export(options()).manifest();

    assertThat(output.resolve("generation_config.json")).hasContent("{\"eos_token_id\": [2, 7]}");
    assertThat(manifest.sources()).containsKey("generation_config.json");
  }

  @Test
  void generationConfigIsMadeOfConfigJson() throws IOException {
    export(options());
    assertThat(generationConfig()).isEqualTo("{\"bos_token_id\":1,\"eos_token_id\":2}");

    editConfig("\"eos_token_id\": 2,", "\"eos_token_id\": [2, 5],");
    editConfig("\"bos_token_id\": 1,", "\"bos_token_id\": null,");
    editConfig("\"pad_token_id\": null,", "\"pad_token_id\": 3,");
    export(options().force(true));
    assertThat(generationConfig()).isEqualTo("{\"eos_token_id\":[2,5],\"pad_token_id\":3}");

    editConfig("\"eos_token_id\": [2, 5],", "");
    editConfig("\"bos_token_id\": null,", "");
    export(options().force(true));
    assertThat(generationConfig())
        .isEqualTo("{\"bos_token_id\":1,\"eos_token_id\":2,\"pad_token_id\":3}");
  }

  private String generationConfig() throws IOException {
    return Files.readString(output.resolve("generation_config.json")).replaceAll("\\s", "");
  }

  @Test
  void aBadGenerationConfigIsRefused() throws IOException {
    Path file = checkpoint.resolve("generation_config.json");
    Files.writeString(file, "[2]");
    assertRefused(options(), "generation_config.json: is an array of 1, expected a JSON object");
    Files.writeString(file, "");
    assertRefused(options(), "generation_config.json: is empty, expected a JSON object");
    Files.writeString(file, "{\"num_beams\": 0}");
    assertRefused(options(), "generation_config.json: num_beams is 0, must be at least 1");
    Files.writeString(file, "[".repeat(100_000));
    assertThatThrownBy(() -> export(options()))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith(
            "generation_config.json: is not valid JSON: Document nesting depth");
    Files.writeString(file, " ".repeat(16_777_217));
    assertRefused(
        options(),
        "generation_config.json: is longer than 16777216 bytes, expected a small JSON file");
  }

  /** As transformers passes over it: no text ever ends by it. */
  @Test
  void aTokenIdOutsideTheVocabularyIsLeftOut() throws IOException {
    editConfig("\"eos_token_id\": 2,", "\"eos_token_id\": 50256,");
    assertThat(export(options()).warnings())
        .containsExactly(
            "config.json: eos_token_id names id 50256, which is outside the vocabulary of 320; it"
                + " was left out");
    assertThat(generationConfig()).isEqualTo("{\"bos_token_id\":1}");
    Files.writeString(
        checkpoint.resolve("generation_config.json"),
        "{\"eos_token_id\": [2, 50256], \"pad_token_id\": -1, \"suppress_tokens\": [320]}");
    assertThat(export(options().force(true)).warnings())
        .containsExactly(
            "generation_config.json: eos_token_id names id 50256, which is outside the vocabulary"
                + " of 320; it was left out",
            "generation_config.json: pad_token_id names id -1, which is outside the vocabulary of"
                + " 320; it was left out",
            "generation_config.json: suppress_tokens names id 320, which is outside the vocabulary"
                + " of 320; it was left out");
    assertThat(generationConfig()).isEqualTo("{\"eos_token_id\":[2]}");
  }

  @Test
  void aSettingThatNobodyKnowsIsLeftOut() throws IOException {
    Files.writeString(
        checkpoint.resolve("generation_config.json"),
        "{\"chat_format\": \"chatml\", \"top_k\": 0, \"m\\u001b[31m\": 1, \"use_cache\": true}");
    assertThat(export(options()).warnings())
        .containsExactly(
            "generation_config.json: chat_format is not a generation setting and was left out",
            "generation_config.json: m?[31m is not a generation setting and was left out");
    assertThat(generationConfig()).isEqualTo("{\"top_k\":0,\"use_cache\":true}");
  }

  @Test
  void aTokenIdThatIsNoNumberIsRefused() throws IOException {
    editConfig("\"eos_token_id\": 2,", "\"eos_token_id\": [\"two\"],");
    assertRefused(
        options(),
        "config.json: eos_token_id is an array of 1, expected an id from 0 to 319 or a list of"
            + " such");
  }
}
