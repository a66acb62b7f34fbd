package dev.polylm.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polylm.PolyLmOptions;
import dev.polylm.generation.GenerationConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What an IDE shows of the properties, and what the README says of them. */
final class MetadataTest {
  private static Set<String> names() throws IOException {
    Set<String> names = new TreeSet<>();
    try (InputStream in =
        MetadataTest.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
      for (JsonNode property : new ObjectMapper().readTree(in).path("properties")) {
        assertThat(property.path("description").asText()).as(property.toString()).isNotEmpty();
        names.add(property.path("name").asText());
      }
    }
    return names;
  }

  @Test
  void hasEverySettingOfGeneration() throws IOException {
    Set<String> expected = new TreeSet<>();
    GenerationConfig.settings()
        .forEach(setting -> expected.add("polylm.generation." + setting.name().replace('_', '-')));
    Set<String> names = names();
    names.removeIf(name -> !name.startsWith("polylm.generation."));
    assertThat(names).isEqualTo(expected);
  }

  @Test
  void hasThePropertiesOfTheReadme() throws IOException {
    Set<String> inReadme = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of("README.md"))) {
      if (line.startsWith("| `polylm.")) {
        inReadme.add(line.split("`", -1)[1]);
      }
    }
    Set<String> names = names();
    names.removeIf(name -> name.startsWith("polylm.generation."));
    assertThat(inReadme.remove("polylm.generation.<setting>")).isTrue();
    assertThat(inReadme.remove("polylm.models.<name>.*")).isTrue();
    assertThat(inReadme.remove("polylm.adapters.<name>")).isTrue();
    assertThat(names.remove("polylm.adapters")).isTrue();
    assertThat(names.remove("polylm.generation")).isTrue();
    assertThat(names.remove("polylm.models")).isTrue();
    assertThat(inReadme).isEqualTo(names);
  }

  @Test
  void theCheckOfKeysKnowsThem() throws IOException {
    Set<String> names = names();
    names.removeIf(name -> name.startsWith("polylm.generation."));
    Set<String> known = new TreeSet<>(Set.of("polylm.models"));
    PropertyCheck.VALUES.forEach(key -> known.add("polylm." + key));
    PropertyCheck.MAPS.forEach(key -> known.add("polylm." + key));
    assertThat(names).isEqualTo(known);
  }

  @Test
  void theDefaultsAreTheSdks() {
    ModelProperties properties = new ModelProperties();
    PolyLmOptions defaults = PolyLmOptions.defaults();
    assertThat(properties.getDevice()).isEqualTo(defaults.device());
    assertThat(properties.getGpuMemoryLimit().toBytes()).isEqualTo(defaults.gpuMemoryLimit());
    assertThat(properties.getProviderOptions()).isEqualTo(defaults.providerOptions());
    assertThat(properties.getThreads()).isEqualTo(defaults.threads());
    assertThat(properties.getMaxRows()).isEqualTo(defaults.maxRows());
    assertThat(properties.getQueue()).isEqualTo(defaults.queueCapacity());
    assertThat(properties.getKeyValueBytes().toBytes()).isEqualTo(defaults.keyValueBytes());
    assertThat(properties.getPromptChunk()).isEqualTo(defaults.promptChunk());
    assertThat(properties.isPrefixReuse()).isEqualTo(defaults.prefixReuse());
    assertThat(properties.getVerify()).isEqualTo(defaults.verify());
  }
}
