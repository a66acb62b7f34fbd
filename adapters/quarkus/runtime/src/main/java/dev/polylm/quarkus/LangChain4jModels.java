package dev.polylm.quarkus;

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
import io.quarkus.arc.All;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.inject.Any;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Makes LangChain4j's models, which share the PolyLM and the adapters that they are given. They
 * call all beans of its listeners. Thread-safe.
 */
@Singleton
public class LangChain4jModels {
  private final List<ChatModelListener> chatListeners;
  private final List<EmbeddingModelListener> embeddingListeners;
  private final ConcurrentLinkedDeque<Runnable> closings = new ConcurrentLinkedDeque<>();

  @Inject
  LangChain4jModels(
      @Any @All List<ChatModelListener> chatListeners,
      @Any @All List<EmbeddingModelListener> embeddingListeners) {
    this.chatListeners = List.copyOf(chatListeners);
    this.embeddingListeners = List.copyOf(embeddingListeners);
  }

  ChatModel chatModel(PolyLm polyLm, GenerationConfig generation, Map<String, Adapter> adapters) {
    PolyLmChatModel model =
        PolyLmChatModel.builder()
            .polyLm(polyLm)
            .generationConfig(generation)
            .loadedAdapters(adapters)
            .listeners(chatListeners)
            .build();
    closings.add(model::closeNow);
    return model;
  }

  StreamingChatModel streamingChatModel(
      PolyLm polyLm, GenerationConfig generation, Map<String, Adapter> adapters) {
    PolyLmStreamingChatModel model =
        PolyLmStreamingChatModel.builder()
            .polyLm(polyLm)
            .generationConfig(generation)
            .loadedAdapters(adapters)
            .listeners(chatListeners)
            .build();
    closings.add(model::closeNow);
    return model;
  }

  EmbeddingModel embeddingModel(PolyLm polyLm, Map<String, Adapter> adapters) {
    PolyLmEmbeddingModel model =
        PolyLmEmbeddingModel.builder()
            .polyLm(polyLm)
            .loadedAdapters(adapters)
            .listeners(embeddingListeners)
            .build();
    closings.add(model::close);
    return model;
  }

  ScoringModel scoringModel(PolyLm polyLm) {
    PolyLmScoringModel model = PolyLmScoringModel.builder().polyLm(polyLm).build();
    closings.add(model::close);
    return model;
  }

  TokenCountEstimator tokenCountEstimator(PolyLm polyLm) {
    PolyLmTokenCountEstimator model = PolyLmTokenCountEstimator.builder().polyLm(polyLm).build();
    closings.add(model::close);
    return model;
  }

  /** Ends the calls in flight, and the models' shares. */
  @PreDestroy
  void close() {
    closings.forEach(Runnable::run);
  }
}
