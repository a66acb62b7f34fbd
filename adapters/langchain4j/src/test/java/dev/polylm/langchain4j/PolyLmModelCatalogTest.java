package dev.polylm.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.catalog.ModelDescription;
import dev.langchain4j.model.catalog.ModelType;
import dev.polylm.PolyLm;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolyLmModelCatalogTest {
  @Test
  void saysWhatTheManifestSays() {
    List<ModelDescription> models =
        PolyLmModelCatalog.builder().modelsPath(TestModels.folder()).build().listModels();
    assertThat(models)
        .extracting(ModelDescription::name)
        .containsExactly("polylm-replies", "polylm-tiny");
    ModelDescription tiny = models.get(1);
    assertThat(tiny.description())
        .isEqualTo(
            "PolyLM: 6 layers, hidden size 256, 8192 tokens, context 512, weights fp32, prompt form base");
    assertThat(tiny.type()).isEqualTo(ModelType.CHAT);
    assertThat(tiny.maxInputTokens()).isEqualTo(511);
    assertThat(tiny.maxOutputTokens()).isEqualTo(511);
  }

  @Test
  void listsTheOneModelOfAPlace() {
    assertThat(PolyLmModelCatalog.builder().modelPath(TestModels.replies()).build().listModels())
        .extracting(ModelDescription::name)
        .containsExactly("polylm-replies");
    try (PolyLm polyLm = PolyLm.openEmbedded()) {
      List<ModelDescription> embedded = PolyLmModelCatalog.builder().build().listModels();
      assertThat(PolyLmModelCatalog.builder().polyLm(polyLm).build().listModels())
          .hasSize(1)
          .isEqualTo(embedded);
    }
  }
}
