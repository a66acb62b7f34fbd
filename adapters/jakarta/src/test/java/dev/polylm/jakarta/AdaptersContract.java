package dev.polylm.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests to load adapters that are refused. The command's tests have those that are not. */
abstract class AdaptersContract extends ServerContract {
  private static final String LOAD = "v1/load_lora_adapter";
  private static final String UNLOAD = "v1/unload_lora_adapter";
  private static final String NAME_RULE =
      ", must be up to 128 letters, digits, '.', '_', '-' and '/', the first a letter or a digit;"
          + " MODEL: with a model of /v1/models may stand before it.";

  @TempDir private static Path outer;

  @Override
  Map<String, String> config() {
    try {
      Path folder = Files.createDirectories(outer.resolve("adapters"));
      Files.writeString(folder.resolve("text.adapter"), "not an adapter at all");
      Files.writeString(outer.resolve("secret"), "secret");
      Files.createSymbolicLink(folder.resolve("link.adapter"), outer.resolve("secret"));
      return Map.of("polylm.server.adapter-folder", folder.toString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private String message(String path, String json, int status) {
    HttpResponse<String> response = client().post(path, json);
    JsonNode error = ErrorsContract.error(response);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return error.path("message").textValue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | lora_name is missing, must be a string.",
        "{'lora_name': null} | lora_name is missing, must be a string.",
        "{'lora_name': 5, 'lora_path': 'a'} | lora_name is 5, must be a string.",
        "{'lora_name': 'a'} | lora_path is missing, must be a string.",
        "{'lora_name': 'a', 'lora_path': ['b']} | lora_path is a list, must be a string.",
        "{'lora_name': 'a', 'lora_path': 'text.adapter', 'load_inplace': 1} | load_inplace is 1,"
            + " must be true or false.",
        "[] | The body is a list, must be a JSON object.",
      })
  void aWrongBodyIsRefused(String body, String message) {
    assertThat(message(LOAD, body, 400)).isEqualTo(message);
  }

  @ParameterizedTest
  @CsvSource({"''", "../a", "other:a", "a b", "polylm-tiny:", "polylm-tiny:a:b"})
  void aNameHasItsLetters(String name) {
    for (String path : new String[] {LOAD, UNLOAD}) {
      assertThat(message(path, "{'lora_name': '%s', 'lora_path': 'b'}".formatted(name), 400))
          .isEqualTo("lora_name is \"" + name + "\"" + NAME_RULE);
    }
  }

  /** Whether there is something is not told. */
  @ParameterizedTest
  @CsvSource({"../secret", "../nothing", "/etc/passwd", "/nothing", "link.adapter", "a\\u0000b"})
  void onlyFilesOfTheFolderAreLoaded(String path) {
    assertThat(message(LOAD, "{'lora_name': 'a', 'lora_path': '%s'}".formatted(path), 400))
        .startsWith("lora_path is \"")
        .endsWith("\", must be a file in the folder of polylm.server.adapter-folder.");
  }

  @Test
  void whatTheFolderDoesNotHaveIsNotFound() {
    for (String path : new String[] {"none.adapter", "text.adapter/none"}) {
      assertThat(message(LOAD, "{'lora_name': 'a', 'lora_path': '%s'}".formatted(path), 404))
          .isEqualTo(
              "lora_path is \"%s\", which the folder of adapters does not have.".formatted(path));
    }
    assertThat(message(UNLOAD, "{'lora_name': 'a'}", 404))
        .isEqualTo("The adapter a is not loaded; /v1/models lists those that are.");
  }

  @Test
  void aModelWithoutInputsForAdaptersSaysSo() {
    assertThat(message(LOAD, "{'lora_name': 'polylm-tiny:a', 'lora_path': 'text.adapter'}", 400))
        .isEqualTo(
            "The adapter polylm-tiny:a can't be loaded: the model polylm-tiny takes no adapters at"
                + " run time: export it with --run-time-adapters.");
    assertThat(message(LOAD, "{'lora_name': 'a', 'lora_path': 'text.adapter'}", 400))
        .doesNotContain("already");
    assertThat(client().get("v1/models").body()).doesNotContain("polylm-tiny:a");
  }
}
