package dev.polylm.springai.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLm;
import dev.polylm.spring.PolyLmAutoConfiguration;
import dev.polylm.springai.PolyLmSpringAiChatModel;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.model.chat.client.autoconfigure.ChatClientAutoConfiguration;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.model.tool.ToolCallingManager;
import org.springframework.ai.model.tool.ToolExecutionResult;
import org.springframework.ai.tool.definition.ToolDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What an application's context holds of Spring AI's types. */
final class SpringAiAutoConfigurationTest {
  private static final String CARD =
      "Beijing is the capital of China.\nTranslate this sentence from English to Chinese.";

  private final ApplicationContextRunner contexts =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  PolyLmAutoConfiguration.class,
                  PolyLmSpringAiChatAutoConfiguration.class,
                  PolyLmSpringAiEmbeddingAutoConfiguration.class,
                  ChatClientAutoConfiguration.class));

  @Test
  void aClientAnswersAndIsObserved() {
    contexts
        .withPropertyValues(
            "spring.ai.model.chat=polylm",
            "spring.ai.model.embedding=polylm",
            "polylm.generation.stop-strings=国")
        .withBean(TestObservationRegistry.class, TestObservationRegistry::create)
        .run(
            context -> {
              ChatClient client = context.getBean(ChatClient.Builder.class).build();
              assertThat(client.prompt(CARD).call().content()).isEqualTo("北京是中");
              assertThat(context.getBean(EmbeddingModel.class).embed("Rome"))
                  .containsExactly(context.getBean(PolyLm.class).embed("Rome"));
              TestObservationRegistryAssert.assertThat(
                      context.getBean(TestObservationRegistry.class))
                  .hasAnObservationWithAKeyValue("gen_ai.system", "polylm");
            });
  }

  /** Says that a request offers a tool, whatever its options are. */
  private record Offering(ToolCallingManager manager) implements ToolCallingManager {
    @Override
    public List<ToolDefinition> resolveToolDefinitions(ToolCallingChatOptions options) {
      return List.of(
          ToolDefinition.builder()
              .name("f")
              .inputSchema(
                  "{\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"string\", \"pattern\": \"(?<=a)b\"}}}")
              .build());
    }

    @Override
    public ToolExecutionResult executeToolCalls(Prompt prompt, ChatResponse response) {
      return manager.executeToolCalls(prompt, response);
    }
  }

  @Test
  void theApplicationsManagerOfToolsIsAsked() {
    contexts
        .withBean(
            ToolCallingManager.class, () -> new Offering(ToolCallingManager.builder().build()))
        .run(
            context ->
                assertThatThrownBy(() -> context.getBean(ChatModel.class).call("a"))
                    .hasMessageStartingWith("the tool f: "));
  }

  @Test
  void anotherProviderTakesItsPlace() {
    contexts
        .withPropertyValues("spring.ai.model.chat=openai", "spring.ai.model.embedding=none")
        .withBean("other", ChatModel.class, () -> prompt -> null)
        .run(
            context -> {
              assertThat(context).doesNotHaveBean(PolyLmSpringAiChatModel.class);
              assertThat(context).doesNotHaveBean(EmbeddingModel.class);
              assertThat(context).hasSingleBean(PolyLm.class);
            });
  }

  @Test
  void aLazyModelIsNotOpenedByTheBeans() {
    contexts
        .withPropertyValues("polylm.lazy=true", "polylm.model.path=/nowhere")
        .run(context -> assertThat(context).hasNotFailed().hasSingleBean(ChatModel.class));
  }

  @Test
  void needsTheModels() {
    contexts
        .withClassLoader(new FilteredClassLoader(PolyLmSpringAiChatModel.class))
        .withBean("other", ChatModel.class, () -> prompt -> null)
        .run(context -> assertThat(context).doesNotHaveBean("polyLmSpringAiChatModel"));
  }
}
