package dev.polylm.springai.autoconfigure;

import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.spring.DefaultModel;
import dev.polylm.spring.PolyLmAutoConfiguration;
import dev.polylm.springai.PolyLmSpringAiChatModel;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.ai.chat.observation.ChatModelObservationConvention;
import org.springframework.ai.model.SpringAIModelProperties;
import org.springframework.ai.model.tool.ToolCallingManager;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/**
 * Makes Spring AI's ChatModel of the {@link PolyLm} bean, unless {@code spring.ai.model.chat} names
 * another provider. The {@link GenerationConfig} bean holds for what options leave open.
 */
@AutoConfiguration(after = PolyLmAutoConfiguration.class)
@ConditionalOnClass(PolyLmSpringAiChatModel.class)
@ConditionalOnProperty(
    name = SpringAIModelProperties.CHAT_MODEL,
    havingValue = "polylm",
    matchIfMissing = true)
public class PolyLmSpringAiChatAutoConfiguration {
  PolyLmSpringAiChatAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  PolyLmSpringAiChatModel polyLmSpringAiChatModel(
      ObjectProvider<PolyLm> polyLm,
      GenerationConfig generationConfig,
      ObjectProvider<DefaultModel> defaultModel,
      ObjectProvider<ToolCallingManager> toolCallingManager,
      ObjectProvider<ObservationRegistry> observationRegistry,
      ObjectProvider<ChatModelObservationConvention> observationConvention) {
    PolyLmSpringAiChatModel.Builder builder =
        PolyLmSpringAiChatModel.builder()
            .polyLm(polyLm::getObject)
            .generationConfig(generationConfig)
            .observationRegistry(observationRegistry.getIfUnique(() -> ObservationRegistry.NOOP));
    defaultModel.ifAvailable(model -> builder.adapters(model::adapters));
    toolCallingManager.ifAvailable(builder::toolCallingManager);
    observationConvention.ifAvailable(builder::observationConvention);
    return builder.build();
  }
}
