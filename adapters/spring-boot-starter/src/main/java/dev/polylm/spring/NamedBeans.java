package dev.polylm.spring;

import dev.langchain4j.model.TokenCountEstimator;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.scoring.ScoringModel;
import dev.polylm.Adapter;
import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationConfig;
import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Adds the beans of the models with names. Such a bean is injected only where a qualifier has its
 * model's name, so it is never taken for the default.
 */
abstract class NamedBeans implements ImportBeanDefinitionRegistrar {
  final BeanFactory beans;
  final PropertyKeys keys;

  NamedBeans(BeanFactory beans, Environment environment) {
    this.beans = beans;
    this.keys = new PropertyKeys(environment);
  }

  @Override
  public void registerBeanDefinitions(
      AnnotationMetadata importing, BeanDefinitionRegistry registry) {
    registerDefault(registry);
    keys.names().forEach(name -> register(name, registry));
  }

  abstract void register(String name, BeanDefinitionRegistry registry);

  /** Adds the beans of the model without a name that need a qualifier. */
  void registerDefault(BeanDefinitionRegistry registry) {}

  ConfiguredModel model(String name) {
    return beans.getBean(ConfiguredModels.class).named(name);
  }

  static <T> void add(
      BeanDefinitionRegistry registry,
      String name,
      Class<T> type,
      boolean lazy,
      Supplier<T> supplier) {
    RootBeanDefinition definition = new RootBeanDefinition(type, supplier);
    definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, name));
    definition.setDefaultCandidate(false);
    definition.setLazyInit(lazy);
    registry.registerBeanDefinition(name + type.getSimpleName(), definition);
  }

  /** Adds the SDK's beans. */
  static final class OfPolyLm extends NamedBeans {
    OfPolyLm(BeanFactory beans, Environment environment) {
      super(beans, environment);
    }

    @Override
    void register(String name, BeanDefinitionRegistry registry) {
      add(registry, name, PolyLm.class, keys.isLazy(name), () -> model(name).polyLm());
      add(registry, name, GenerationConfig.class, true, () -> model(name).generation());
      for (String adapter : keys.adapters(name)) {
        addAdapter(registry, name + ":" + adapter, () -> adapter(model(name), adapter));
      }
    }

    @Override
    void registerDefault(BeanDefinitionRegistry registry) {
      PropertyCheck.check(keys.environment());
      for (String adapter : keys.adapters("")) {
        addAdapter(
            registry,
            adapter,
            () -> adapter(beans.getBean(ConfiguredModels.class).named(""), adapter));
      }
    }

    private static Adapter adapter(ConfiguredModel model, String name) {
      Adapter adapter = model.adapters().get(name);
      return Objects.requireNonNull(adapter, name);
    }

    private static void addAdapter(
        BeanDefinitionRegistry registry, String name, Supplier<Adapter> supplier) {
      add(registry, name, Adapter.class, true, supplier);
    }
  }

  /** Adds LangChain4j's beans. */
  static final class OfLangChain4j extends NamedBeans {
    OfLangChain4j(BeanFactory beans, Environment environment) {
      super(beans, environment);
    }

    @Override
    void register(String name, BeanDefinitionRegistry registry) {
      add(registry, name, LangChain4jModels.class, true, () -> models(name));
      Supplier<LangChain4jModels> models =
          () ->
              beans.getBean(
                  name + LangChain4jModels.class.getSimpleName(), LangChain4jModels.class);
      add(registry, name, ChatModel.class, true, () -> models.get().chatModel());
      add(registry, name, StreamingChatModel.class, true, () -> models.get().streamingChatModel());
      add(registry, name, EmbeddingModel.class, true, () -> models.get().embeddingModel());
      add(registry, name, ScoringModel.class, true, () -> models.get().scoringModel());
      add(
          registry,
          name,
          TokenCountEstimator.class,
          true,
          () -> models.get().tokenCountEstimator());
    }

    private LangChain4jModels models(String name) {
      return new LangChain4jModels(
          () -> model(name).polyLm(),
          () -> model(name).generation(),
          () -> model(name).adapters(),
          keys.isLazy(name),
          beans.getBeanProvider(ChatModelListener.class),
          beans.getBeanProvider(EmbeddingModelListener.class),
          beans.getBean(OpenModels.class));
    }
  }
}
