package dev.polylm.langchain4j;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationConfigBuilder;
import dev.polylm.generation.GenerationRequest;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Parameters of a request as the SDK's settings. */
final class GenerationSettings {
  private GenerationSettings() {}

  /** A request with what the parameters say. */
  static GenerationRequest on(
      GenerationRequest request, PolyLmChatRequestParameters parameters, PolyLm polyLm) {
    Integer priority = parameters.priority();
    return request.withConfig(of(parameters, polyLm)).withPriority(priority == null ? 0 : priority);
  }

  /**
   * The settings for a model. Where neither parameters nor model limit the answer, it may go on to
   * the end of the context, as with a hosted model.
   */
  static GenerationConfig of(PolyLmChatRequestParameters parameters, PolyLm polyLm) {
    GenerationConfig config = of(parameters);
    GenerationConfig all = config.over(polyLm.generationDefaults());
    if (all.maxNewTokens().isPresent() || all.maxLength().isPresent()) {
      return config;
    }
    return config.toBuilder().maxLength(polyLm.manifest().model().contextLength()).build();
  }

  /**
   * Checks parameters as far as they can be without a model and the request.
   *
   * @throws PolyLmException where one is out of range, or they contradict each other
   */
  static void check(PolyLmChatRequestParameters parameters) {
    GenerationConfig unused = of(parameters);
  }

  private static GenerationConfig of(PolyLmChatRequestParameters parameters) {
    GenerationConfig config = ofParameters(parameters);
    GenerationConfig others = parameters.generationConfig();
    return others == null ? config : config.orElse(others);
  }

  private static GenerationConfig ofParameters(PolyLmChatRequestParameters parameters) {
    GenerationConfigBuilder settings = GenerationConfig.builder().numReturnSequences(1);
    set(parameters.maxOutputTokens(), settings::maxNewTokens);
    set(parameters.minNewTokens(), settings::minNewTokens);
    set(parameters.deadline(), settings::maxTime);
    List<String> stopSequences = parameters.stopSequences();
    if (stopSequences != null && !stopSequences.isEmpty()) {
      settings.stopStrings(stopSequences);
    }
    setChoice(parameters, settings);
    setPenalties(parameters, settings);
    set(parameters.logprobs(), settings::outputLogprobs);
    set(parameters.topLogprobs(), settings::topLogprobs);
    return settings.build();
  }

  private static void setChoice(
      PolyLmChatRequestParameters parameters, GenerationConfigBuilder settings) {
    set(parameters.seed(), settings::seed);
    set(parameters.numBeams(), settings::numBeams);
    set(parameters.lengthPenalty(), settings::lengthPenalty);
    set(parameters.earlyStopping(), settings::earlyStopping);
    Double temperature = parameters.temperature();
    if (temperature != null && temperature == 0) {
      settings.doSample(false); // the limit: whatever may be drawn besides, the likeliest is
    } else if (draws(parameters)) {
      settings.doSample(true);
      set(temperature, settings::temperature);
      set(parameters.topP(), settings::topP);
      set(parameters.topK(), settings::topK);
      set(parameters.minP(), settings::minP);
      set(parameters.typicalP(), settings::typicalP);
    }
  }

  private static boolean draws(PolyLmChatRequestParameters parameters) {
    return Stream.of(
            parameters.temperature(),
            parameters.topP(),
            parameters.topK(),
            parameters.minP(),
            parameters.typicalP())
        .anyMatch(value -> value != null);
  }

  private static void setPenalties(
      PolyLmChatRequestParameters parameters, GenerationConfigBuilder settings) {
    set(parameters.frequencyPenalty(), settings::frequencyPenalty);
    set(parameters.presencePenalty(), settings::presencePenalty);
    set(parameters.repetitionPenalty(), settings::repetitionPenalty);
    set(parameters.noRepeatNgramSize(), settings::noRepeatNgramSize);
    set(parameters.logitBias(), settings::logitBias);
  }

  private static <T> void set(@Nullable T value, Consumer<? super T> setter) {
    if (value != null) {
      setter.accept(value);
    }
  }
}
