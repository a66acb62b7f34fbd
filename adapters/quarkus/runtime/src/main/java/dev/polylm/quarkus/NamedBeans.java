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

  @Inject
  NamedBeans(ConfiguredModels models) {
    this.models = models;
  }

  private ConfiguredModel model(InjectionPoint place) {
    for (Annotation qualifier : place.getQualifiers()) {
      if (qualifier instanceof Model model) {
        return models.named(model.value());
      }
    }
    throw new IllegalStateException(place + " has no qualifier Model");
  }

  @Produces
  @Dependent
  @Model("")
  PolyLm polyLm(InjectionPoint place) {
    return model(place).polyLm();
  }

  @Produces
  @Dependent
  @Model("")
  GenerationConfig generationConfig(InjectionPoint place) {
    return model(place).generation();
  }

  @Produces
  @Dependent
  @Model("")
  ChatModel chatModel(InjectionPoint place) {
    return model(place).chatModel();
  }

  @Produces
  @Dependent
  @Model("")
  StreamingChatModel streamingChatModel(InjectionPoint place) {
    return model(place).streamingChatModel();
  }

  @Produces
  @Dependent
  @Model("")
  EmbeddingModel embeddingModel(InjectionPoint place) {
    return model(place).embeddingModel();
  }

  @Produces
  @Dependent
  @Model("")
  ScoringModel scoringModel(InjectionPoint place) {
    return model(place).scoringModel();
  }

  @Produces
  @Dependent
  @Model("")
  TokenCountEstimator tokenCountEstimator(InjectionPoint place) {
    return model(place).tokenCountEstimator();
  }
}
