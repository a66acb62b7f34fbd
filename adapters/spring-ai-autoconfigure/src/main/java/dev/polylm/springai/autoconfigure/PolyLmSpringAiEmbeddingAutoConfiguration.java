package dev.polylm.springai.autoconfigure;

import dev.polylm.PolyLm;
import dev.polylm.spring.PolyLmAutoConfiguration;
import dev.polylm.springai.PolyLmSpringAiEmbeddingModel;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.ai.embedding.observation.EmbeddingModelObservationConvention;
import org.springframework.ai.model.SpringAIModelProperties;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/**
 * Makes Spring AI's EmbeddingModel of the {@link PolyLm} bean, unless {@code
 * spring.ai.model.embedding} names another provider.
 */
@AutoConfiguration(after = PolyLmAutoConfiguration.class)
@ConditionalOnClass(PolyLmSpringAiEmbeddingModel.class)
@ConditionalOnProperty(
    name = SpringAIModelProperties.EMBEDDING_MODEL,
    havingValue = "polylm",
    matchIfMissing = true)
public class PolyLmSpringAiEmbeddingAutoConfiguration {
  PolyLmSpringAiEmbeddingAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  PolyLmSpringAiEmbeddingModel polyLmSpringAiEmbeddingModel(
      ObjectProvider<PolyLm> polyLm,
      ObjectProvider<ObservationRegistry> observationRegistry,
      ObjectProvider<EmbeddingModelObservationConvention> observationConvention) {
    PolyLmSpringAiEmbeddingModel.Builder builder =
        PolyLmSpringAiEmbeddingModel.builder()
            .polyLm(polyLm::getObject)
            .observationRegistry(observationRegistry.getIfUnique(() -> ObservationRegistry.NOOP));
    observationConvention.ifAvailable(builder::observationConvention);
    return builder.build();
  }
}
