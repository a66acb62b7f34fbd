package dev.polylm.quarkus;

import dev.langchain4j.model.TokenCountEstimator;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.scoring.ScoringModel;
import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationConfig;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.spi.InjectionPoint;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.lang.annotation.Annotation;

/**
 * The beans that {@link Model} chooses. The names are known only when the application runs, so each
 * bean reads its own from the place where it is injected.
 */
@Singleton
public class NamedBeans {
  private final ConfiguredModels models;
  private final LangChain4jModels langChain4j;

  @Inject
  NamedBeans(ConfiguredModels models, LangChain4jModels langChain4j) {
    this.models = models;
    this.langChain4j = langChain4j;
  }

  /**
   * A model, or a model with an adapter.
   *
   * @param adapter its name, empty without one
   */
  private record Named(ConfiguredModel model, String adapter) {
    PolyLm polyLm() {
      return adapter.isEmpty() ? model.polyLm() : model.withAdapter(adapter);
    }
  }

  private Named named(InjectionPoint place) {
    for (Annotation qualifier : place.getQualifiers()) {
      if (qualifier instanceof Model model) {
        String name = model.value();
        int colon = name.indexOf(':');
        return colon < 0
            ? new Named(models.named(name), "")
            : new Named(models.named(name.substring(0, colon)), name.substring(colon + 1));
      }
    }
    throw new IllegalStateException(place + " has no qualifier Model");
  }

  @Produces
  @Dependent
  @Model("")
  PolyLm polyLm(InjectionPoint place) {
    return named(place).polyLm();
  }

  @Produces
  @Dependent
  @Model("")
  GenerationConfig generationConfig(InjectionPoint place) {
    return named(place).model().generation();
  }

  @Produces
  @Dependent
  @Model("")
  ChatModel chatModel(InjectionPoint place) {
    Named named = named(place);
    return langChain4j.chatModel(
        named.polyLm(), named.model().generation(), named.model().adapters());
  }

  @Produces
  @Dependent
  @Model("")
  StreamingChatModel streamingChatModel(InjectionPoint place) {
    Named named = named(place);
    return langChain4j.streamingChatModel(
        named.polyLm(), named.model().generation(), named.model().adapters());
  }

  @Produces
  @Dependent
  @Model("")
  EmbeddingModel embeddingModel(InjectionPoint place) {
    Named named = named(place);
    return langChain4j.embeddingModel(named.polyLm(), named.model().adapters());
  }

  @Produces
  @Dependent
  @Model("")
  ScoringModel scoringModel(InjectionPoint place) {
    return langChain4j.scoringModel(named(place).polyLm());
  }

  @Produces
  @Dependent
  @Model("")
  TokenCountEstimator tokenCountEstimator(InjectionPoint place) {
    return langChain4j.tokenCountEstimator(named(place).polyLm());
  }
}
