package dev.polylm.jakarta.cdi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.jakarta.server.Deployment;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An application that has nothing of what is optional. */
@Tag("bare")
final class BareInjectionTest {
  /** What it has. */
  @Dependent
  public static class Translator {
    @Inject private PolyLm polyLm;
    @Inject private GenerationConfig config;
  }

  @Test
  void aModelIsInjected() {
    try (Deployment deployment =
        new Deployment(Map.of("polylm.generation.max-new-tokens", "7"), Translator.class)) {
      Translator translator = deployment.get(Translator.class);
      assertThat(
              translator.polyLm.generate(
                  "Beijing is the capital of China.\nTranslate this sentence from English to"
                      + " Chinese."))
          .isEqualTo("\n北京是中国的首都。");
      assertThat(translator.config.maxNewTokens()).hasValue(7);
    }
  }
}
