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
 * The beans of the default model. A bean of the application's own takes the place of each, and the
 * others use it. The scope is Singleton, since a final class can't have a client proxy.
 */
@Singleton
public class DefaultBeans {
  private final ConfiguredModels models;
  private final LangChain4jModels langChain4j;

  @Inject
  DefaultBeans(ConfiguredModels models, LangChain4jModels langChain4j) {
    this.models = models;
    this.langChain4j = langChain4j;
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
  ChatModel chatModel(PolyLm polyLm, GenerationConfig generation) {
    return langChain4j.chatModel(polyLm, generation, models.defaultModel().adaptersOf(polyLm));
  }

  @Produces
  @Singleton
  @DefaultBean
  StreamingChatModel streamingChatModel(PolyLm polyLm, GenerationConfig generation) {
    return langChain4j.streamingChatModel(
        polyLm, generation, models.defaultModel().adaptersOf(polyLm));
  }

  @Produces
  @Singleton
  @DefaultBean
  EmbeddingModel embeddingModel(PolyLm polyLm) {
    return langChain4j.embeddingModel(polyLm, models.defaultModel().adaptersOf(polyLm));
  }

  @Produces
  @Singleton
  @DefaultBean
  ScoringModel scoringModel(PolyLm polyLm) {
    return langChain4j.scoringModel(polyLm);
  }

  @Produces
  @Singleton
  @DefaultBean
  TokenCountEstimator tokenCountEstimator(PolyLm polyLm) {
    return langChain4j.tokenCountEstimator(polyLm);
  }
}
