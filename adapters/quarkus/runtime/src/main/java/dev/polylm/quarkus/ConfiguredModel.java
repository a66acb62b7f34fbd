package dev.polylm.quarkus;

import dev.langchain4j.model.TokenCountEstimator;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.scoring.ScoringModel;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.langchain4j.PolyLmChatModel;
import dev.polylm.langchain4j.PolyLmEmbeddingModel;
import dev.polylm.langchain4j.PolyLmScoringModel;
import dev.polylm.langchain4j.PolyLmStreamingChatModel;
import dev.polylm.langchain4j.PolyLmTokenCountEstimator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A model of the configuration. The first call for it opens it. Thread-safe. */
final class ConfiguredModel {
  private final String prefix;
  private final Optional<String> path;
  private final PolyLmOptions options;
  private final GenerationConfig generation;
  private final List<Runnable> closings = new ArrayList<>(); // guarded by this
  private @Nullable PolyLm polyLm; // guarded by this

  /**
   * @param prefix of its keys
   * @throws PolyLmException if a value is out of range
   */
  ConfiguredModel(String prefix, ModelConfig config) {
    this.prefix = prefix;
    this.path = config.model().path();
    try {
      this.options = options(config);
      this.generation = GenerationConfig.defaultsFromTexts(config.generation());
    } catch (PolyLmException e) {
      throw new PolyLmException("%s*: %s".formatted(prefix, e.getMessage()), e);
    }
  }

  private static PolyLmOptions options(ModelConfig config) {
    return PolyLmOptions.builder()
        .device(config.device())
        .gpuMemoryLimit(config.gpuMemoryLimit())
        .providerOptions(config.providerOptions())
        .threads(config.threads())
        .maxRows(config.maxRows())
        .queueCapacity(config.queue())
        .keyValueBytes(config.keyValueBytes())
        .promptChunk(config.promptChunk())
        .prefixReuse(config.prefixReuse())
        .verify(config.verify())
        .build();
  }

  GenerationConfig generation() {
    return generation;
  }

  /**
   * Returns the model.
   *
   * @throws PolyLmException if it can't be opened
   */
  @SuppressWarnings("MustBeClosedChecker") // closed by close
  synchronized PolyLm polyLm() {
    PolyLm open = polyLm;
    if (open == null) {
      try {
        open =
            path.isPresent()
                ? PolyLm.open(Path.of(path.get()), options)
                : PolyLm.openEmbedded(options);
      } catch (PolyLmException e) {
        throw new PolyLmException(
            "the model of %smodel.path can't be opened: %s".formatted(prefix, e.getMessage()), e);
      }
      closings.add(open::closeNow);
      generation.over(open.generationDefaults());
      polyLm = open;
    }
    return open;
  }

  synchronized Optional<PolyLm> ifOpen() {
    return Optional.ofNullable(polyLm);
  }

  /** Returns whether its engine's queue is full. */
  boolean isQueueFull() {
    return ifOpen()
        .filter(open -> open.engineState().waiting() >= options.queueCapacity())
        .isPresent();
  }

  ChatModel chatModel() {
    return shared(
        () -> PolyLmChatModel.builder().polyLm(polyLm()).generationConfig(generation).build(),
        model -> model::closeNow);
  }

  StreamingChatModel streamingChatModel() {
    return shared(
        () ->
            PolyLmStreamingChatModel.builder()
                .polyLm(polyLm())
                .generationConfig(generation)
                .build(),
        model -> model::closeNow);
  }

  EmbeddingModel embeddingModel() {
    return shared(
        () -> PolyLmEmbeddingModel.builder().polyLm(polyLm()).build(), model -> model::close);
  }

  ScoringModel scoringModel() {
    return shared(
        () -> PolyLmScoringModel.builder().polyLm(polyLm()).build(), model -> model::close);
  }

  TokenCountEstimator tokenCountEstimator() {
    return shared(
        () -> PolyLmTokenCountEstimator.builder().polyLm(polyLm()).build(), model -> model::close);
  }

  private synchronized <T> T shared(Supplier<T> maker, Function<T, Runnable> closing) {
    T model = maker.get();
    closings.add(closing.apply(model));
    return model;
  }

  /** Ends the calls in flight and frees the model. */
  synchronized void close() {
    closings.forEach(Runnable::run);
    closings.clear();
  }
}
