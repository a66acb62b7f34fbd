package dev.polylm.quarkus;

import dev.langchain4j.model.TokenCountEstimator;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.scoring.ScoringModel;
import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationConfig;
import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/**
 * The beans of the default model. A bean of the application's own takes the place of each. The
 * scope is Singleton, since a final class can't have a client proxy.
 */
@Singleton
public class DefaultBeans {
  private final ConfiguredModels models;

  @Inject
  DefaultBeans(ConfiguredModels models) {
    this.models = models;
  }

  @Produces
  @Singleton
  @DefaultBean
  PolyLm polyLm() {
    return models.defaultModel().polyLm();
  }

  @Produces
  @Singleton
  @DefaultBean
  GenerationConfig generationConfig() {
    return models.defaultModel().generation();
  }

  @Produces
  @Singleton
  @DefaultBean
  ChatModel chatModel() {
    return models.defaultModel().chatModel();
  }

  @Produces
  @Singleton
  @DefaultBean
  StreamingChatModel streamingChatModel() {
    return models.defaultModel().streamingChatModel();
  }

  @Produces
  @Singleton
  @DefaultBean
  EmbeddingModel embeddingModel() {
    return models.defaultModel().embeddingModel();
  }

  @Produces
  @Singleton
  @DefaultBean
  ScoringModel scoringModel() {
    return models.defaultModel().scoringModel();
  }

  @Produces
  @Singleton
  @DefaultBean
  TokenCountEstimator tokenCountEstimator() {
    return models.defaultModel().tokenCountEstimator();
  }
}
