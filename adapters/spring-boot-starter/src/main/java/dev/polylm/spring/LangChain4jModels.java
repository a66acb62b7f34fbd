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
import dev.polylm.langchain4j.PolyLmEmbeddingModel;
import dev.polylm.langchain4j.PolyLmScoringModel;
import dev.polylm.langchain4j.PolyLmStreamingChatModel;
import dev.polylm.langchain4j.PolyLmTokenCountEstimator;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.target.AbstractLazyCreationTargetSource;
import org.springframework.beans.factory.ObjectProvider;

/**
 * LangChain4j's models that share one PolyLM and its adapters. If models are opened lazily, the
 * first call of a method opens them.
 */
final class LangChain4jModels {
  private final Supplier<PolyLm> polyLm;
  private final Supplier<GenerationConfig> generation;
  private final Supplier<Map<String, Adapter>> adapters;
  private final boolean lazy;
  private final ObjectProvider<ChatModelListener> chatListeners;
  private final ObjectProvider<EmbeddingModelListener> embeddingListeners;
  private final OpenModels openModels;

  LangChain4jModels(
      Supplier<PolyLm> polyLm,
      Supplier<GenerationConfig> generation,
      Supplier<Map<String, Adapter>> adapters,
      boolean lazy,
      ObjectProvider<ChatModelListener> chatListeners,
      ObjectProvider<EmbeddingModelListener> embeddingListeners,
      OpenModels openModels) {
    this.polyLm = polyLm;
    this.generation = generation;
    this.adapters = adapters;
    this.lazy = lazy;
    this.chatListeners = chatListeners;
    this.embeddingListeners = embeddingListeners;
    this.openModels = openModels;
  }

  ChatModel chatModel() {
    return model(
        ChatModel.class,
        () -> {
          PolyLmChatModel model =
              PolyLmChatModel.builder()
                  .polyLm(polyLm.get())
                  .generationConfig(generation.get())
                  .loadedAdapters(adapters.get())
                  .listeners(chatListeners.orderedStream().toList())
                  .build();
          openModels.add(model::close, model::closeNow);
          return model;
        });
  }

  StreamingChatModel streamingChatModel() {
    return model(
        StreamingChatModel.class,
        () -> {
          PolyLmStreamingChatModel model =
              PolyLmStreamingChatModel.builder()
                  .polyLm(polyLm.get())
                  .generationConfig(generation.get())
                  .loadedAdapters(adapters.get())
                  .listeners(chatListeners.orderedStream().toList())
                  .build();
          openModels.add(model::close, model::closeNow);
          return model;
        });
  }

  EmbeddingModel embeddingModel() {
    return model(
        EmbeddingModel.class,
        () -> {
          PolyLmEmbeddingModel model =
              PolyLmEmbeddingModel.builder()
                  .polyLm(polyLm.get())
                  .loadedAdapters(adapters.get())
                  .listeners(embeddingListeners.orderedStream().toList())
                  .build();
          openModels.add(model::close, model::close);
          return model;
        });
  }

  ScoringModel scoringModel() {
    return model(
        ScoringModel.class,
        () -> {
          PolyLmScoringModel model = PolyLmScoringModel.builder().polyLm(polyLm.get()).build();
          openModels.add(model::close, model::close);
          return model;
        });
  }

  TokenCountEstimator tokenCountEstimator() {
    return model(
        TokenCountEstimator.class,
        () -> {
          PolyLmTokenCountEstimator model =
              PolyLmTokenCountEstimator.builder().polyLm(polyLm.get()).build();
          openModels.add(model::close, model::close);
          return model;
        });
  }

  private <T> T model(Class<T> type, Supplier<T> maker) {
    return lazy
        ? ProxyFactory.getProxy(
            type,
            new AbstractLazyCreationTargetSource() {
              @Override
              protected Object createObject() {
                return maker.get();
              }

              @Override
              public Class<?> getTargetClass() {
                return type;
              }
            })
        : maker.get();
  }
}
