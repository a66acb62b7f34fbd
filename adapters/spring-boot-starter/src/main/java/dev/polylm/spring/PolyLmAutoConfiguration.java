package dev.polylm.spring;

import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationConfig;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;

/**
 * Makes a {@link PolyLm} and a {@link GenerationConfig} of the properties. A bean of the
 * application's own takes the place of either. Each model with a name is a bean too, which a {@code
 * Qualifier} with that name chooses.
 */
@AutoConfiguration(
    afterName = {
      "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
      "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration"
    })
@EnableConfigurationProperties(PolyLmProperties.class)
@Import(NamedBeans.OfPolyLm.class)
public class PolyLmAutoConfiguration {
  PolyLmAutoConfiguration() {}

  @Bean
  OpenModels polyLmOpenModels() {
    return new OpenModels();
  }

  @Bean
  ConfiguredModels polyLmModels(
      PolyLmProperties properties,
      ObjectProvider<PolyLmOptionsCustomizer> customizers,
      OpenModels openModels) {
    return new ConfiguredModels(properties, customizers.orderedStream().toList(), openModels);
  }

  @Bean
  @ConditionalOnMissingBean
  GenerationConfig polyLmGenerationConfig(ConfiguredModels models) {
    return models.defaultModel().generation();
  }

  /** Opens the default model when the application starts. */
  @Configuration(proxyBeanMethods = false)
  @Conditional(OnLazyDefault.Not.class)
  @ConditionalOnMissingBean(PolyLm.class)
  static class AtStart {
    @Bean
    DefaultModel polyLmDefaultModel(ConfiguredModels models) {
      return new DefaultModel(models);
    }

    @Bean(destroyMethod = "") // OpenModels closes it
    PolyLm polyLm(ConfiguredModels models) {
      return models.defaultModel().polyLm();
    }
  }

  /** Opens the default model when another bean needs it. */
  @Configuration(proxyBeanMethods = false)
  @Conditional(OnLazyDefault.class)
  @ConditionalOnMissingBean(PolyLm.class)
  static class Lazily {
    @Bean
    DefaultModel polyLmDefaultModel(ConfiguredModels models) {
      return new DefaultModel(models);
    }

    @Bean(destroyMethod = "") // OpenModels closes it
    @Lazy
    PolyLm polyLm(ConfiguredModels models) {
      return models.defaultModel().polyLm();
    }
  }

  /** Reports each engine to the application's registry. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(MeterRegistry.class)
  static class Meters {
    @Bean
    PolyLmOptionsCustomizer polyLmMeters(ObjectProvider<MeterRegistry> registry) {
      return (name, options) -> registry.ifUnique(options::meterRegistry);
    }
  }
}
