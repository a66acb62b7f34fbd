package dev.polylm.langchain4j;

import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.polylm.PolyLmException;
import dev.polylm.generation.EarlyStopping;
import dev.polylm.generation.GenerationConfig;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part that the builders of generating models share: default parameters for requests. {@link
 * PolyLmChatRequestParameters} documents them. A parameter that is null takes the value in the
 * model's generation_config.json.
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

  /**
   * Sets the divisor of the logits. A value above 0 draws tokens, 0 always takes the most likely.
   */
  public B temperature(@Nullable Double temperature) {
    this.temperature = temperature;
    return self();
  }

  /** Sets the total probability of the most likely tokens, which are those that may be drawn. */
  public B topP(@Nullable Double topP) {
    this.topP = topP;
    return self();
  }

  /** Sets how many of the most likely tokens may be drawn; 0 for all. */
  public B topK(@Nullable Integer topK) {
    this.topK = topK;
    return self();
  }

  /**
   * Sets what a token's logit loses each time that the token occurs in the answer, from -2 to 2.
   */
  public B frequencyPenalty(@Nullable Double frequencyPenalty) {
    this.frequencyPenalty = frequencyPenalty;
    return self();
  }

  /** Sets what a token's logit loses once if the token occurs in the answer, from -2 to 2. */
  public B presencePenalty(@Nullable Double presencePenalty) {
    this.presencePenalty = presencePenalty;
    return self();
  }

  /** Sets the maximum number of tokens of an answer, 256 if neither this nor the model sets it. */
  public B maxOutputTokens(@Nullable Integer maxOutputTokens) {
    this.maxOutputTokens = maxOutputTokens;
    return self();
  }

  /** Sets the strings that end the answer. The answer does not contain the string that ended it. */
  public B stopSequences(@Nullable List<String> stopSequences) {
    this.stopSequences = stopSequences;
    return self();
  }

  /** Sets the seed of the draws; with null each answer gets another one. */
  public B seed(@Nullable Long seed) {
    this.seed = seed;
    return self();
  }

  /** Sets the number of beams. */
  public B numBeams(@Nullable Integer numBeams) {
    this.numBeams = numBeams;
    return self();
  }

  /**
   * Sets the exponent of the length in the score of a beam; only with {@link #numBeams} above 1.
   */
  public B lengthPenalty(@Nullable Double lengthPenalty) {
    this.lengthPenalty = lengthPenalty;
    return self();
  }

  /** Sets when beam search ends; only with {@link #numBeams} above 1. */
  public B earlyStopping(@Nullable EarlyStopping earlyStopping) {
    this.earlyStopping = earlyStopping;
    return self();
  }

  /** Sets the penalty on tokens that the prompt or the answer already has. */
  public B repetitionPenalty(@Nullable Double repetitionPenalty) {
    this.repetitionPenalty = repetitionPenalty;
    return self();
  }

  /** Sets the length of the token sequences that may occur only once. */
  public B noRepeatNgramSize(@Nullable Integer noRepeatNgramSize) {
    this.noRepeatNgramSize = noRepeatNgramSize;
    return self();
  }

  /**
   * Sets the least probability of a token that may be drawn, as a share of the most likely token's.
   */
  public B minP(@Nullable Double minP) {
    this.minP = minP;
    return self();
  }

  /** Sets the total probability of the most typical tokens, which are those that may be drawn. */
  public B typicalP(@Nullable Double typicalP) {
    this.typicalP = typicalP;
    return self();
  }

  /** Sets the number of tokens that an answer must have before it may end. */
  public B minNewTokens(@Nullable Integer minNewTokens) {
    this.minNewTokens = minNewTokens;
    return self();
  }

  /** Sets whether the response's metadata holds the log-probability of each token. */
  public B logprobs(@Nullable Boolean logprobs) {
    this.logprobs = logprobs;
    return self();
  }

  /** Sets how many alternatives to each token the metadata holds; only with {@link #logprobs}. */
  public B topLogprobs(@Nullable Integer topLogprobs) {
    this.topLogprobs = topLogprobs;
    return self();
  }

  /**
   * Sets how long the answer may take, including the time in the queue. When the time is over, the
   * answer ends with what it has.
   */
  public B deadline(@Nullable Duration deadline) {
    this.deadline = deadline;
    return self();
  }

  /**
   * Sets the rank among waiting requests, 0 if not set. The request with the highest rank goes
   * first.
   */
  public B priority(@Nullable Integer priority) {
    this.priority = priority;
    return self();
  }

  /**
   * Sets the settings of the SDK, including those without a setter here. A parameter of the request
   * or the builder takes precedence over the setting of the same meaning.
   */
  public B generationConfig(@Nullable GenerationConfig generationConfig) {
    this.generationConfig = generationConfig;
    return self();
  }

  /** Sets all parameters at once; a setter of this builder takes precedence. */
  public B defaultRequestParameters(@Nullable ChatRequestParameters defaultRequestParameters) {
    this.defaultRequestParameters = defaultRequestParameters;
    return self();
  }

  /**
   * Returns all parameters that are set, each by its setter or else by the default parameters.
   *
   * @throws UnsupportedFeatureException if they ask for what PolyLM can't do
   * @throws InvalidRequestException if a schema can't be enforced
   * @throws PolyLmException if one is out of range, or they contradict each other
   */
  PolyLmChatRequestParameters checkedParameters() {
    PolyLmChatRequestParameters.Builder builder = PolyLmChatRequestParameters.builder();
    if (defaultRequestParameters != null) {
      builder.overrideWith(defaultRequestParameters);
    }
    PolyLmChatRequestParameters parameters = builder.overrideWith(setParameters()).build();
    AnswerForm unused = AnswerForm.of(parameters);
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
