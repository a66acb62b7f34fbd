package dev.polylm.jakarta.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import dev.polylm.jakarta.server.TestConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
        "polylm.server.max-tokens | 0 | polylm.server.max-tokens is \"0\", must be an integer from 1 to 2147483647",
        "polylm.server.enabled | yes | polylm.server.enabled is \"yes\", must be true or false",
        "polylm.server.model.path | /x | polylm.server.model.path names a model \"server\", expected letters, digits, '_' and '-', and none of [generation, model, server]",
        "polylm.generation.top-p | 3 | polylm.generation.*: top_p is 3.0, must be from 0.0 to 1.0",
        "polylm.generation.num-beams | some | polylm.generation.*: num_beams is \"some\", must be an integer of 32 bits",
      })
  void aWrongValueIsAnError(String key, String value, String message) {
    assertThatThrownBy(() -> read(Map.of(key, value)))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(message);
  }

  @Test
  void anUnknownKeyIsAnError() {
    assertThatThrownBy(() -> read(Map.of("polylm.modell.path", "/x")))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith(
            "polylm.modell.path is unknown, expected keys under polylm. to be of: generation.")
        .hasMessageContaining(", model.path, ")
        .hasMessageContaining(", server.api-keys, ");
  }
}
