package dev.polylm.quarkus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keys' values, without an application. */
final class ConfigurationTest {
  private static PolyLmConfig read(String key, String value) {
    return new SmallRyeConfigBuilder()
        .addDiscoveredConverters()
        .withSources(new PropertiesConfigSource(Map.of(key, value), "test", 100))
        .withMapping(PolyLmConfig.class)
        .build()
        .getConfigMapping(PolyLmConfig.class);
  }

  private static ConfiguredModel model(String key, String value) {
    return new ConfiguredModel("", "quarkus.polylm.", read(key, value).defaultModel());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "queue | 0 | quarkus.polylm.queue is 0, must be at least 1",
        "max-rows | 0 | quarkus.polylm.max-rows is 0, must be at least 1",
        "prompt-chunk | 999 | quarkus.polylm.prompt-chunk is 999, must be at most 512",
        "device | gpu | quarkus.polylm.device is \"gpu\", must be cpu, cuda, cuda:N, auto",
        "gpu-memory-limit | 1 | quarkus.polylm.gpu-memory-limit is 1, must be 0 if device is cpu",
        "provider-options.a | 1 | quarkus.polylm.provider-options has a, must be empty if device is",
        "generation.top-p | 3 | quarkus.polylm.generation.top-p is 3.0, must be from 0.0 to 1.0",
        "generation.top | 3 | quarkus.polylm.generation.top is not a",
      })
  void aValueOutOfRangeIsNamedByItsKey(String key, String value, String message) {
    assertThatThrownBy(() -> model("quarkus.polylm." + key, value))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lazy | perhaps | must be true or false",
        "prefix-reuse | no | must be true or false",
        "key-value-bytes | 2GB | not in correct format",
        "verify | some | allowed values",
      })
  void aValueOfAnotherFormIsRefused(String key, String value, String message) {
    assertThatThrownBy(() -> read("quarkus.polylm." + key, value))
        .hasStackTraceContaining("quarkus.polylm." + key)
        .hasStackTraceContaining(value)
        .hasStackTraceContaining(message);
  }

  @Test
  void memoryHasUnits() {
    assertThat(read("quarkus.polylm.key-value-bytes", "2G").defaultModel().keyValueBytes())
        .satisfies(size -> assertThat(size.asLongValue()).isEqualTo(2L << 30));
    assertThat(model("quarkus.polylm.key-value-bytes", "9999999Y")).isNotNull();
  }

  @Test
  void metersAndRequestsTakeWhatIsConfigured() {
    ModelConfig config = read("quarkus.polylm.generation.max-new-tokens", "7").defaultModel();
    ConfiguredModel small = new ConfiguredModel("small", "quarkus.polylm.models.small.", config);
    assertThat(small.options().name()).isEqualTo("small");
    assertThat(small.options().generationDefaults().maxNewTokens()).hasValue(7);
    assertThat(model("quarkus.polylm.queue", "3").options().name()).isNull();
  }

  @Test
  void aDraftIsOpenedWithItsModel() {
    assertThatThrownBy(() -> model("quarkus.polylm.draft", "/nowhere/small").polyLm())
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining("/nowhere/small");
  }
}
