package dev.polylm.langchain4j;

import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.polylm.PolyLmException;
import dev.polylm.generation.EarlyStopping;
import dev.polylm.generation.GenerationConfig;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part that the builders of generating models share: the parameters for requests that set none
 * of their own. {@link PolyLmChatRequestParameters} says what they mean. Null leaves a parameter to
 * the model's generation_config.json.
 *
 * <pre>{@code
 * PolyLmChatModel model =
 *     PolyLmChatModel.builder().modelPath("polylm-chat-13b-onnx").maxOutputTokens(200).build();
 * }</pre>
 *
 * <p>Not thread-safe.
 *
 * @param <B> the builder itself
 */
public abstract class PolyLmGenerationBuilder<B extends PolyLmGenerationBuilder<B>>
    extends PolyLmBuilder<B> {
  private @Nullable Double temperature;
  private @Nullable Double topP;
  private @Nullable Integer topK;
  private @Nullable Double frequencyPenalty;
  private @Nullable Double presencePenalty;
  private @Nullable Integer maxOutputTokens;
  private @Nullable List<String> stopSequences;
  private @Nullable Long seed;
  private @Nullable Integer numBeams;
  private @Nullable Double lengthPenalty;
  private @Nullable EarlyStopping earlyStopping;
  private @Nullable Double repetitionPenalty;
  private @Nullable Integer noRepeatNgramSize;
  private @Nullable Double minP;
  private @Nullable Double typicalP;
  private @Nullable Integer minNewTokens;
  private @Nullable Boolean logprobs;
  private @Nullable Integer topLogprobs;
  private @Nullable Duration deadline;
  private @Nullable Integer priority;
  private @Nullable GenerationConfig generationConfig;
  private @Nullable ChatRequestParameters defaultRequestParameters;

  PolyLmGenerationBuilder() {}

  /** The divisor of the logits: above 0 draws tokens, 0 takes the likeliest each time. */
  public B temperature(@Nullable Double temperature) {
    this.temperature = temperature;
    return self();
  }

  /** The probability that the likeliest tokens which may be drawn add up to. */
  public B topP(@Nullable Double topP) {
    this.topP = topP;
    return self();
  }

  /** How many of the likeliest tokens may be drawn; 0 for all. */
  public B topK(@Nullable Integer topK) {
    this.topK = topK;
    return self();
  }

  /** What the logit of a token loses for each time it is in the answer, from -2 to 2. */
  public B frequencyPenalty(@Nullable Double frequencyPenalty) {
    this.frequencyPenalty = frequencyPenalty;
    return self();
  }

  /** What the logit of a token loses once when it is in the answer, from -2 to 2. */
  public B presencePenalty(@Nullable Double presencePenalty) {
    this.presencePenalty = presencePenalty;
    return self();
  }

  /** The greatest number of tokens of an answer, 256 if neither this nor the model sets it. */
  public B maxOutputTokens(@Nullable Integer maxOutputTokens) {
    this.maxOutputTokens = maxOutputTokens;
    return self();
  }

  /** Strings that end the answer; it does not hold the one that did. */
  public B stopSequences(@Nullable List<String> stopSequences) {
    this.stopSequences = stopSequences;
    return self();
  }

  /** The seed of the draws; null for another one each time. */
  public B seed(@Nullable Long seed) {
    this.seed = seed;
    return self();
  }

  /** The number of beams. */
  public B numBeams(@Nullable Integer numBeams) {
    this.numBeams = numBeams;
    return self();
  }

  /** The exponent of the length in the score of a beam; only with {@link #numBeams} above 1. */
  public B lengthPenalty(@Nullable Double lengthPenalty) {
    this.lengthPenalty = lengthPenalty;
    return self();
  }

  /** When beam search ends; only with {@link #numBeams} above 1. */
  public B earlyStopping(@Nullable EarlyStopping earlyStopping) {
    this.earlyStopping = earlyStopping;
    return self();
  }

  /** The penalty on tokens of prompt and answer. */
  public B repetitionPenalty(@Nullable Double repetitionPenalty) {
    this.repetitionPenalty = repetitionPenalty;
    return self();
  }

  /** The length of token sequences that come only once. */
  public B noRepeatNgramSize(@Nullable Integer noRepeatNgramSize) {
    this.noRepeatNgramSize = noRepeatNgramSize;
    return self();
  }

  /** The least probability of a token that may be drawn, beside the likeliest's. */
  public B minP(@Nullable Double minP) {
    this.minP = minP;
    return self();
  }

  /** The probability that the most typical tokens which may be drawn add up to. */
  public B typicalP(@Nullable Double typicalP) {
    this.typicalP = typicalP;
    return self();
  }

  /** No end before the answer has so many tokens. */
  public B minNewTokens(@Nullable Integer minNewTokens) {
    this.minNewTokens = minNewTokens;
    return self();
  }

  /** Whether the response's metadata says how likely each token was. */
  public B logprobs(@Nullable Boolean logprobs) {
    this.logprobs = logprobs;
    return self();
  }

  /** How many alternatives of each token the metadata gives; only with {@link #logprobs}. */
  public B topLogprobs(@Nullable Integer topLogprobs) {
    this.topLogprobs = topLogprobs;
    return self();
  }

  /** How long the answer may take, waiting included; then the answer ends as it is. */
  public B deadline(@Nullable Duration deadline) {
    this.deadline = deadline;
    return self();
  }

  /** The rank among waiting requests, 0 if not set; the highest goes first. */
  public B priority(@Nullable Integer priority) {
    this.priority = priority;
    return self();
  }

  /**
   * Settings of the SDK, also those without a setter here. A parameter of the request or the
   * builder goes before the setting of the same meaning.
   */
  public B generationConfig(@Nullable GenerationConfig generationConfig) {
    this.generationConfig = generationConfig;
    return self();
  }

  /** All parameters in one piece; a setter of this builder goes before them. */
  public B defaultRequestParameters(@Nullable ChatRequestParameters defaultRequestParameters) {
    this.defaultRequestParameters = defaultRequestParameters;
    return self();
  }

  /**
   * All parameters that are set, each by its setter or else by the default parameters.
   *
   * @throws UnsupportedFeatureException if they ask for what PolyLM can't do
   * @throws PolyLmException if one is out of range, or they contradict each other
   */
  PolyLmChatRequestParameters checkedParameters() {
    PolyLmChatRequestParameters.Builder builder = PolyLmChatRequestParameters.builder();
    if (defaultRequestParameters != null) {
      builder.overrideWith(defaultRequestParameters);
    }
    PolyLmChatRequestParameters parameters = builder.overrideWith(setParameters()).build();
    Refusals.check(parameters);
    GenerationSettings.check(parameters);
    return parameters;
  }

  private PolyLmChatRequestParameters setParameters() {
    return PolyLmChatRequestParameters.builder()
        .modelName(modelName())
        .temperature(temperature)
        .topP(topP)
        .topK(topK)
        .frequencyPenalty(frequencyPenalty)
        .presencePenalty(presencePenalty)
        .maxOutputTokens(maxOutputTokens)
        .stopSequences(stopSequences)
        .seed(seed)
        .numBeams(numBeams)
        .lengthPenalty(lengthPenalty)
        .earlyStopping(earlyStopping)
        .repetitionPenalty(repetitionPenalty)
        .noRepeatNgramSize(noRepeatNgramSize)
        .minP(minP)
        .typicalP(typicalP)
        .minNewTokens(minNewTokens)
        .logprobs(logprobs)
        .topLogprobs(topLogprobs)
        .deadline(deadline)
        .priority(priority)
        .generationConfig(generationConfig)
        .build();
  }
}
