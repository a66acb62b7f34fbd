package dev.polylm.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationConfig;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Several models, which qualifiers choose. */
final class NamedModelsTest {
  private final ApplicationContextRunner contexts =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  PolyLmAutoConfiguration.class,
                  PolyLmLangChain4jAutoConfiguration.class,
                  PolyLmHealthAutoConfiguration.class));

  /** What an application injects. */
  static class Asker {
    @Autowired PolyLm polyLm;
    @Autowired ChatModel chatModel;

    @Autowired
    @Qualifier("short") PolyLm shortPolyLm;

    @Autowired
    @Qualifier("short") ChatModel shortChatModel;

    @Autowired
    @Qualifier("short") GenerationConfig shortConfig;

    @Autowired
    @Qualifier("other") ChatModel otherChatModel;
  }

  @Test
  void aQualifierChooses(@TempDir Path folder) {
    TestModel.copyTo(folder);
    contexts
        .withBean(Asker.class)
        .withPropertyValues(
            "polylm.model.path=" + folder,
            "polylm.models.short.model.path=" + folder,
            "polylm.models.short.generation.max-new-tokens=2",
            "polylm.models.other.model.path=" + folder)
        .run(
            context -> {
              Asker asker = context.getBean(Asker.class);
              assertThat(asker.polyLm).isNotSameAs(asker.shortPolyLm);
              assertThat(asker.chatModel.chat(TestModel.CARD)).isEqualTo(TestModel.ANSWER);
              assertThat(asker.otherChatModel.chat(TestModel.CARD)).isEqualTo(TestModel.ANSWER);
              assertThat(asker.shortChatModel.chat(TestModel.CARD))
                  .isNotEmpty()
                  .isNotEqualTo(TestModel.ANSWER);
              assertThat(asker.shortConfig.maxNewTokens()).hasValue(2);
              assertThat(context.getBean(HealthIndicator.class).health().getDetails())
                  .containsOnlyKeys("model", "other", "short");
            });
  }

  @Test
  void withoutAModelWithoutANameTheFirstByNameIsTheDefault(@TempDir Path folder) {
    TestModel.copyTo(folder);
    contexts
        .withPropertyValues(
            "polylm.models.b.model.path=" + folder, "polylm.models.a.model.path=" + folder)
        .run(
            context -> {
              assertThat(context.getBean(PolyLm.class)).isSameAs(context.getBean("aPolyLm"));
              assertThat(context.getBean(HealthIndicator.class).health().getDetails())
                  .containsOnlyKeys("a", "b");
            });
  }

  @Test
  void eachModelMayBeLazy(@TempDir Path folder) {
    TestModel.copyTo(folder);
    contexts
        .withPropertyValues(
            "polylm.lazy=true",
            "polylm.models.a.model.path=" + folder,
            "polylm.models.a.lazy=false",
            "polylm.models.b.model.path=/nowhere")
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(context.getBean(HealthIndicator.class).health().getDetails())
                  .containsEntry("a", "open")
                  .containsEntry("b", "not open yet");
            });
  }

  @Test
  void metersHaveTheNamesOfTheProperties(@TempDir Path folder) {
    TestModel.copyTo(folder);
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    contexts
        .withBean(MeterRegistry.class, () -> registry)
        .withPropertyValues(
            "polylm.models.b.model.path=" + folder, "polylm.models.a.model.path=" + folder)
        .run(
            context -> {
              context.getBean("bPolyLm", PolyLm.class).generate("Rome");
              assertThat(requests(registry, "b")).isEqualTo(1);
              assertThat(requests(registry, "a")).isZero();
            });
  }

  private static double requests(MeterRegistry registry, String model) {
    return registry.find("polylm.requests").tag("model", model).counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }
}
