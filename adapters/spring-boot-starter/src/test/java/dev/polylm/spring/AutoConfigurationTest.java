package dev.polylm.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.langchain4j.model.TokenCountEstimator;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.scoring.ScoringModel;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What an application's context holds, by its properties. */
final class AutoConfigurationTest {
  private final ApplicationContextRunner contexts =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  PolyLmAutoConfiguration.class,
                  PolyLmLangChain4jAutoConfiguration.class,
                  PolyLmHealthAutoConfiguration.class));

  @Test
  void withoutAnyPropertyTheModelOfTheClassPathAnswers() {
    contexts.run(
        context -> {
          assertThat(context.getBean(PolyLm.class).generate(TestModel.CARD))
              .isEqualTo("\n" + TestModel.ANSWER);
          assertThat(context.getBean(ChatModel.class).chat(TestModel.CARD))
              .isEqualTo(TestModel.ANSWER);
          assertThat(context.getBean(EmbeddingModel.class).embed("Rome").content().vector())
              .isEqualTo(context.getBean(PolyLm.class).embed("Rome"));
          assertThat(context.getBean(TokenCountEstimator.class).estimateTokenCountInText("Rome"))
              .isEqualTo(context.getBean(PolyLm.class).tokenizer().encode("Rome").length);
          assertThat(context).hasSingleBean(StreamingChatModel.class);
          assertThat(context).hasSingleBean(ScoringModel.class);
          assertThat(context.getBean(HealthIndicator.class).health().getDetails())
              .containsEntry("model", "open");
        });
  }

  @Test
  void closingTheContextClosesTheModel() {
    List<PolyLm> opened = new ArrayList<>();
    contexts.run(
        context -> {
          context.getBean(ChatModel.class);
          opened.add(context.getBean(PolyLm.class));
        });
    assertThatThrownBy(() -> opened.get(0).generate("a"))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining("closed");
  }

  @Configuration(proxyBeanMethods = false)
  static class OwnBeans {
    @Bean
    PolyLm own() {
      return PolyLm.openEmbedded();
    }

    @Bean
    GenerationConfig twoTokens() {
      return GenerationConfig.builder().maxNewTokens(2).build();
    }

    @Bean
    EmbeddingModel ownEmbeddings() {
      return new EmbeddingModel() {};
    }
  }

  @Test
  void beansOfTheApplicationTakeTheirPlaces() {
    contexts
        .withUserConfiguration(OwnBeans.class)
        .withPropertyValues("polylm.model.path=/nowhere")
        .run(
            context -> {
              assertThat(context).hasNotFailed().hasSingleBean(PolyLm.class);
              assertThat(context).getBean(PolyLm.class).isSameAs(context.getBean("own"));
              assertThat(context)
                  .getBean(EmbeddingModel.class)
                  .isSameAs(context.getBean("ownEmbeddings"));
              assertThat(context.getBean(ChatModel.class).chat(TestModel.CARD))
                  .isNotEmpty()
                  .isNotEqualTo(TestModel.ANSWER);
              assertThat(context.getBean(HealthIndicator.class).health().getDetails()).isEmpty();
            });
  }

  @Test
  void theSettingsHoldForTheModelItself() {
    contexts
        .withPropertyValues("polylm.generation.max-new-tokens=2")
        .run(
            context -> {
              PolyLm polyLm = context.getBean(PolyLm.class);
              GenerationRequest request = GenerationRequest.ofPrompt(TestModel.CARD);
              assertThat(polyLm.generate(request).newTokens()).isEqualTo(2);
              GenerationConfig three = GenerationConfig.builder().maxNewTokens(3).build();
              assertThat(polyLm.generate(request.withConfig(three)).newTokens()).isEqualTo(3);
            });
  }

  @Test
  void needsNoLangChain4j() {
    contexts
        .withClassLoader(new FilteredClassLoader("dev.langchain4j", "dev.polylm.langchain4j"))
        .withPropertyValues("polylm.models.small.threads=1")
        .run(
            context -> {
              assertThat(context).hasNotFailed().doesNotHaveBean("polyLmChatModel");
              assertThat(context.getBean(PolyLm.class).generate(TestModel.CARD))
                  .contains(TestModel.ANSWER);
            });
  }

  @Configuration(proxyBeanMethods = false)
  static class Listening {
    final List<String> heard = new ArrayList<>();

    @Bean
    ChatModelListener listener() {
      return new ChatModelListener() {
        @Override
        public void onRequest(ChatModelRequestContext context) {
          heard.add("request");
        }

        @Override
        public void onResponse(ChatModelResponseContext context) {
          heard.add(context.chatResponse().aiMessage().text());
        }
      };
    }

    @Bean
    MeterRegistry registry() {
      return new SimpleMeterRegistry();
    }
  }

  @Test
  void listenersHearAndTheRegistryCounts() {
    contexts
        .withUserConfiguration(Listening.class)
        .run(
            context -> {
              context.getBean(ChatModel.class).chat(TestModel.CARD);
              assertThat(context.getBean(Listening.class).heard)
                  .containsExactly("request", TestModel.ANSWER);
              assertThat(
                      context
                          .getBean(MeterRegistry.class)
                          .get("polylm.requests")
                          .tags("model", "polylm-tiny", "end", "finished")
                          .counter()
                          .count())
                  .isEqualTo(1);
            });
  }

  @Test
  void opensAFolderAndHonoursTheProperties(@TempDir Path folder) {
    contexts
        .withPropertyValues(
            "polylm.model.path=" + TestModel.copyTo(folder),
            "polylm.device=auto",
            "polylm.gpu-memory-limit=2GB",
            "polylm.provider-options[use_tf32]=0",
            "polylm.queue=7",
            "polylm.draft=" + folder,
            "polylm.verify=all",
            "polylm.key-value-bytes=64MB",
            "polylm.generation.max-new-tokens=40",
            "polylm.generation.stop-strings[0]=12",
            "polylm.generation.stop-strings[1]=中国")
        .withBean(
            PolyLmOptionsCustomizer.class,
            () ->
                (name, options) -> {
                  assertThat(name).isEmpty();
                  assertThat(options.build().device()).isEqualTo("auto");
                  assertThat(options.build().gpuMemoryLimit()).isEqualTo(2L << 30);
                  assertThat(options.build().providerOptions())
                      .containsOnly(entry("use_tf32", "0"));
                  assertThat(options.build().queueCapacity()).isEqualTo(7);
                  assertThat(options.build().draft()).isEqualTo(folder);
                })
        .run(
            context -> {
              assertThat(context.getBean(PolyLm.class).engineState().limitBytes())
                  .isEqualTo(64L << 20);
              assertThat(context.getBean(GenerationConfig.class).stopStrings())
                  .containsExactly("12", "中国");
              assertThat(context.getBean(ChatModel.class).chat(TestModel.CARD)).isEqualTo("北京是");
            });
  }

  @Test
  void aLazyModelIsOpenedByTheFirstCall() {
    contexts
        .withPropertyValues("polylm.lazy=yes")
        .run(
            context -> {
              HealthIndicator health = context.getBean(HealthIndicator.class);
              ChatModel chatModel = context.getBean(ChatModel.class);
              assertThat(health.health().getStatus()).isEqualTo(Status.UP);
              assertThat(health.health().getDetails()).containsEntry("model", "not open yet");
              assertThat(chatModel.chat(TestModel.CARD)).isEqualTo(TestModel.ANSWER);
              assertThat(health.health().getDetails()).containsEntry("model", "open");
            });
  }

  @Test
  void aLazyModelThatCantBeOpenedIsDown(@TempDir Path empty) {
    contexts
        .withPropertyValues("polylm.lazy=true", "polylm.model.path=" + empty)
        .run(
            context -> {
              ChatModel chatModel = context.getBean(ChatModel.class);
              assertThatThrownBy(() -> chatModel.chat("a")).hasMessageContaining(empty.toString());
              HealthIndicator health = context.getBean(HealthIndicator.class);
              assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
              assertThat(health.health().getDetails().get("model"))
                  .asString()
                  .startsWith("failed: The model of polylm.model.path can't be opened: " + empty);
              TestModel.copyTo(empty);
              assertThat(chatModel.chat(TestModel.CARD)).isEqualTo(TestModel.ANSWER);
            });
  }
}
