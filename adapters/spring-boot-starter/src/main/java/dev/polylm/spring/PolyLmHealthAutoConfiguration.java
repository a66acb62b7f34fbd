package dev.polylm.spring;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** Adds PolyLM to the health of an application that has Spring Boot's actuator. */
@AutoConfiguration(after = PolyLmAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnEnabledHealthIndicator("polylm")
public class PolyLmHealthAutoConfiguration {
  PolyLmHealthAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean(name = "polylmHealthIndicator")
  HealthIndicator polylmHealthIndicator(
      ConfiguredModels models, ObjectProvider<DefaultModel> defaultModel) {
    boolean ofApplication = defaultModel.getIfAvailable() == null;
    return new ModelsHealthIndicator(
        models.all().stream().filter(model -> !(ofApplication && model.name().isEmpty())).toList());
  }
}
