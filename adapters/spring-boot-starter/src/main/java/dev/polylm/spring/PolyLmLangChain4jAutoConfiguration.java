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
import dev.polylm.langchain4j.PolyLmChatModel;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/**
 * Makes LangChain4j's models of the {@link PolyLm} bean, if polylm-langchain4j is on the class
 * path. They use the {@link GenerationConfig} bean and the beans of LangChain4j's listeners. A bean
 * of the application's own takes the place of each.
 *
 * <p>A bean is made when another needs it, since not every model gives embeddings.
 */
@AutoConfiguration(after = PolyLmAutoConfiguration.class)
@ConditionalOnClass(PolyLmChatModel.class)
@Import(NamedBeans.OfLangChain4j.class)
@Lazy
public class PolyLmLangChain4jAutoConfiguration {
  PolyLmLangChain4jAutoConfiguration() {}

  @Bean
  LangChain4jModels polyLmLangChain4jModels(
      ObjectProvider<PolyLm> polyLm,
      ObjectProvider<GenerationConfig> generation,
      ObjectProvider<DefaultModel> defaultModel,
      Environment environment,
      ObjectProvider<ChatModelListener> chatListeners,
      ObjectProvider<EmbeddingModelListener> embeddingListeners,
      OpenModels openModels) {
    PropertyKeys keys = new PropertyKeys(environment);
    return new LangChain4jModels(
        polyLm::getObject,
        generation::getObject,
        () -> adapters(defaultModel.getIfAvailable()),
        keys.isLazy(keys.defaultModel()),
        chatListeners,
        embeddingListeners,
        openModels);
  }

  /** Returns the adapters of the properties; a model of the application's own has none of them. */
  private static Map<String, Adapter> adapters(@Nullable DefaultModel model) {
    return model == null ? Map.of() : model.adapters();
  }

  @Bean(destroyMethod = "") // OpenModels closes them all
  @ConditionalOnMissingBean
  ChatModel polyLmChatModel(LangChain4jModels models) {
    return models.chatModel();
  }

  @Bean(destroyMethod = "")
  @ConditionalOnMissingBean
  StreamingChatModel polyLmStreamingChatModel(LangChain4jModels models) {
    return models.streamingChatModel();
  }

  @Bean(destroyMethod = "")
  @ConditionalOnMissingBean
  EmbeddingModel polyLmEmbeddingModel(LangChain4jModels models) {
    return models.embeddingModel();
  }

  @Bean(destroyMethod = "")
  @ConditionalOnMissingBean
  ScoringModel polyLmScoringModel(LangChain4jModels models) {
    return models.scoringModel();
  }

  @Bean(destroyMethod = "")
  @ConditionalOnMissingBean
  TokenCountEstimator polyLmTokenCountEstimator(LangChain4jModels models) {
    return models.tokenCountEstimator();
  }
}
