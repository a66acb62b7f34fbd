package dev.polylm.jakarta.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.jakarta.Model;
import dev.polylm.jakarta.server.Deployment;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models in a bean, from the application's start to its end. */
final class InjectionTest {
  private static final String PROMPT =
      "Beijing is the capital of China.\nTranslate this sentence from English to Chinese.";

  /** What an application has. */
  @Dependent
  public static class Translator {
    @Inject private PolyLm polyLm;
    @Inject private GenerationConfig config;
  }

  /** What an application with two models has. */
  @Dependent
  public static class TwoModels {
    @Inject private PolyLm polyLm;

    @Inject
    @Model("small")
    private PolyLm small;

    @Inject
    @Model("large")
    private PolyLm large;
  }

  @Test
  void aModelIsInjected() {
    try (Deployment deployment =
        new Deployment(Map.of("polylm.generation.max-new-tokens", "7"), Translator.class)) {
      Translator translator = deployment.get(Translator.class);
      assertThat(translator.polyLm.generate(PROMPT)).isEqualTo("\n北京是中国的首都。");
      assertThat(translator.config.maxNewTokens()).hasValue(7);
      assertThat(deployment.get(Translator.class).polyLm).isSameAs(translator.polyLm);
    }
  }

  @Test
  void modelsAreToldApartByName(@TempDir Path folder) throws IOException {
    String path = unpack(folder).toString();
    Map<String, String> values =
        Map.of("polylm.small.model.path", path, "polylm.large.model.path", path);
    try (Deployment deployment = new Deployment(values, TwoModels.class)) {
      TwoModels models = deployment.get(TwoModels.class);
      assertThat(models.small).isNotSameAs(models.large);
      assertThat(models.polyLm).isSameAs(models.large);
      assertThat(models.small.generate(PROMPT)).isEqualTo("\n北京是中国的首都。");
    }
  }

  /** The model of the class path as a folder. */
  static Path unpack(Path folder) throws IOException {
    String base = "/META-INF/polylm-model/";
    for (String name :
        List.of(
            "manifest.json",
            "model.onnx",
            "model.onnx.data",
            "tokenizer.json",
            "tokenizer_config.json",
            "generation_config.json")) {
      try (var source = InjectionTest.class.getResourceAsStream(base + name)) {
        Files.copy(source, folder.resolve(name));
      }
    }
    return folder;
  }

  @Test
  void aModelThatIsNotConfiguredIsAnErrorOfTheDeployment() {
    assertThatThrownBy(() -> new Deployment(Map.of(), TwoModels.class).close())
        .hasMessageContaining("Unsatisfied dependencies for type PolyLm with qualifiers @Model");
  }

  @Test
  void aWrongKeyIsAnErrorOfTheDeployment() {
    assertThatThrownBy(() -> new Deployment(Map.of("polylm.thread", "1"), Translator.class).close())
        .rootCause()
        .hasMessageStartingWith("polylm.thread is unknown, expected keys under polylm. to be of:");
  }

  @Test
  void aModelThatCanNotBeOpenedTellsWhy() {
    try (Deployment deployment =
        new Deployment(Map.of("polylm.model.path", "/no/such/folder"), Translator.class)) {
      assertThatThrownBy(() -> deployment.get(Translator.class))
          .hasMessage(
              "the model without a name can't be used: /no/such/folder: is not a folder; expected an exported model");
    }
  }
}
