package dev.polylm.jakarta.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationSetting;
import dev.polylm.jakarta.server.TestConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PolyLmSettingsTest {
  private static PolyLmSettings read(Map<String, String> values) {
    return PolyLmSettings.read(TestConfig.of(values));
  }

  @Test
  void withoutAnyKeyTheModelOfTheClassPathIsServedToThisMachine() {
    PolyLmSettings settings = read(Map.of("other.key", "1"));
    assertThat(settings.models()).hasSize(1);
    assertThat(settings.models().get(0).path()).isEmpty();
    assertThat(settings.models().get(0).name()).isEmpty();
    assertThat(settings.server().apiKeys()).isEmpty();
    assertThat(settings.server().corsOrigins()).isEmpty();
  }

  @Test
  void readsModelsByName() {
    PolyLmSettings settings =
        read(
            Map.of(
                "polylm.model.path", "/models/13b",
                "polylm.threads", "3",
                "polylm.small.device", "cuda:1",
                "polylm.small.provider-options", "use_tf32=0, prefer_nhwc = 1",
                "polylm.generation.max-new-tokens", "128",
                "polylm.generation.do-sample", "true",
                "polylm.generation.negative-prompt", "12",
                "polylm.generation.stop-strings", "[\"a\", \"b\"]",
                "polylm.small.model.path", "/models/1.7b",
                "polylm.small.model.name", "little"));
    assertThat(settings.models()).extracting(ModelSettings::name).containsExactly("", "small");
    ModelSettings first = settings.models().get(0);
    assertThat(first.path()).contains(Path.of("/models/13b"));
    assertThat(first.options().threads()).isEqualTo(3);
    assertThat(first.generation().maxNewTokens()).hasValue(128);
    assertThat(first.generation().doSample()).isTrue();
    assertThat(first.generation().negativePrompt()).contains("12");
    assertThat(first.generation().stopStrings()).isEqualTo(List.of("a", "b"));
    assertThat(settings.models().get(1).servedName()).contains("little");
    assertThat(first.options().device()).isEqualTo("cpu");
    assertThat(settings.models().get(1).options().device()).isEqualTo("cuda:1");
    assertThat(settings.models().get(1).options().providerOptions())
        .isEqualTo(Map.of("use_tf32", "0", "prefer_nhwc", "1"));
  }

  @Test
  void keysAreNotTold() {
    PolyLmSettings settings = read(Map.of("polylm.server.api-keys", "secret, other"));
    assertThat(settings.server().apiKeys()).containsExactly("secret", "other");
    assertThat(settings.toString()).doesNotContain("secret").contains("2 keys");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "polylm.threads | many | polylm.threads is \"many\", must be an integer from 0 to 2147483647",
        "polylm.device | gpu | polylm.device is \"gpu\", must be cpu, cuda, cuda:N, auto, or another provider of ONNX Runtime: acl, coreml, directml, dnnl, nnapi, openvino, qnn, rocm, tensorrt, webgpu, xnnpack",
        "polylm.provider-options | a | polylm.provider-options has \"a\", must be NAME=VALUE, with commas between them",
        "polylm.server.max-tokens | 0 | polylm.server.max-tokens is \"0\", must be an integer from 1 to 2147483647",
        "polylm.server.adapter-folder | pom.xml | polylm.server.adapter-folder is \"pom.xml\", must be a folder",
        "polylm.server.enabled | yes | polylm.server.enabled is \"yes\", must be true or false",
        "polylm.server.model.path | /x | polylm.server.model.path names a model \"server\","
            + " expected letters, digits, '_' and '-', and none of [adapters, generation, model,"
            + " server]",
        "polylm.generation.top-p | 3 | polylm.generation.top-p is 3.0, must be from 0.0 to 1.0",
        "polylm.verify | yes | polylm.verify is \"yes\", must be none, small or all",
        "polylm.generation.num-beams | some | polylm.generation.num-beams is \"some\", must be an integer of 32 bits",
      })
  void aWrongValueIsAnError(String key, String value, String message) {
    assertThatThrownBy(() -> read(Map.of(key, value)))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(message);
  }

  /** A value of each key that says something else than its default. */
  private static final Map<String, String> OTHER_VALUES =
      Map.ofEntries(
          Map.entry("polylm.model.path", "/x"),
          Map.entry("polylm.model.name", "x"),
          Map.entry("polylm.device", "auto"),
          Map.entry("polylm.gpu-memory-limit", "1"),
          Map.entry("polylm.provider-options", "a=1"),
          Map.entry("polylm.threads", "1"),
          Map.entry("polylm.max-rows", "1"),
          Map.entry("polylm.queue", "1"),
          Map.entry("polylm.key-value-bytes", "1"),
          Map.entry("polylm.adapter-bytes", "1"),
          Map.entry("polylm.prompt-chunk", "1"),
          Map.entry("polylm.prefix-reuse", "false"),
          Map.entry("polylm.verify", "all"),
          Map.entry("polylm.draft", "/y"),
          Map.entry("polylm.generation.<setting>", ""),
          Map.entry("polylm.server.enabled", "false"),
          Map.entry("polylm.server.api-keys", "x"),
          Map.entry("polylm.server.cors-origins", "https://x"),
          Map.entry("polylm.server.max-body-bytes", "1"),
          Map.entry("polylm.server.max-prompt-tokens", "1"),
          Map.entry("polylm.server.max-tokens", "1"),
          Map.entry("polylm.server.max-choices", "1"),
          Map.entry("polylm.server.max-prompts", "1"),
          Map.entry("polylm.server.max-beams", "1"),
          Map.entry("polylm.server.max-requests", "1"),
          Map.entry("polylm.server.max-requests-per-key", "1"),
          Map.entry("polylm.server.max-priority", "1"),
          Map.entry("polylm.server.request-seconds", "1"),
          Map.entry("polylm.server.body-seconds", "1"),
          Map.entry("polylm.server.adapter-folder", "src"));

  @Test
  void everyKeyOfTheReadmeSaysSomething() throws IOException {
    Set<String> keys = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of("README.md"))) {
      if (line.startsWith("| `polylm.")) {
        keys.add(line.split("`", -1)[1]);
      }
    }
    assertThat(keys).isEqualTo(OTHER_VALUES.keySet()).isEqualTo(knownKeys());
    keys.remove("polylm.generation.<setting>");
    for (String key : keys) {
      // A CPU heeds no options of a GPU.
      Map<String, String> device =
          key.matches(".*(gpu|provider).*") ? Map.of("polylm.device", "auto") : Map.of();
      Map<String, String> changed = new HashMap<>(device);
      changed.put(key, OTHER_VALUES.get(key));
      assertThat(read(changed)).as(key).isNotEqualTo(read(device));
    }
  }

  @Test
  void theOptionsHaveTheSettingsAndTheName() {
    PolyLmOptions small =
        read(Map.of(
                "polylm.small.model.path", "/x",
                "polylm.small.generation.max-new-tokens", "7"))
            .models()
            .get(0)
            .options();
    assertThat(small.generationDefaults().maxNewTokens()).hasValue(7);
    assertThat(small.name()).isEqualTo("small");
    assertThat(read(Map.of()).models().get(0).options().name()).isNull();
  }

  @Test
  void whatTheSdkRefusesIsNamedAsTheKeyIs() {
    assertThatThrownBy(() -> read(Map.of("polylm.gpu-memory-limit", "1")))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith("polylm.gpu-memory-limit is 1, must be 0 if device is cpu");
    assertThatThrownBy(
            () -> read(Map.of("polylm.small.model.path", "/x", "polylm.small.device", "gpu")))
        .hasMessageStartingWith("polylm.small.device is \"gpu\", must be cpu, cuda, cuda:N, auto");
    assertThatThrownBy(() -> read(Map.of("polylm.generation.top-p", "3")))
        .hasMessageStartingWith("polylm.generation.top-p is 3.0, must be from 0.0 to 1.0");
  }

  private static Set<String> knownKeys() {
    String message =
        Objects.requireNonNull(
            catchThrowable(() -> read(Map.of("polylm.unknown", "1"))).getMessage());
    return Arrays.stream(message.substring(message.indexOf(": ") + 2).split(", ", -1))
        .map(key -> key.startsWith("generation.") ? "generation.<setting>" : key)
        .map(key -> "polylm." + key)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Hugging Face's names, in kebab case, are the keys. */
  @Test
  void everySettingOfGenerationIsAKey() {
    for (GenerationSetting setting : GenerationConfig.settings()) {
      String key = "polylm.generation." + setting.name().replace('_', '-');
      if (!setting.expected().equals("a string")) { // which may be anything
        assertThatThrownBy(() -> read(Map.of(key, "[[[true]]]")))
            .isInstanceOf(PolyLmException.class)
            .hasMessageStartingWith("polylm.generation.%s is ", setting.name().replace('_', '-'));
      }
    }
  }

  @Test
  void anUnknownKeyIsAnError() {
    assertThatThrownBy(() -> read(Map.of("polylm.modell.path", "/x")))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith(
            "polylm.modell.path is unknown, expected keys under polylm. to be of: adapter-bytes, device, draft, generation.")
        .hasMessageContaining(", model.path, ")
        .hasMessageContaining(", server.api-keys, ");
  }
}
