package dev.polylm.langchain4j;

import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.polylm.generation.EarlyStopping;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationConfigBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * LangChain4j's parameters of a request, and those that PolyLM has beside them. What is null is
 * left to the model's defaults, and then to its generation_config.json. Ranges and meaning are
 * those of {@link GenerationConfigBuilder}; what is out of range, or would have no effect, is an
 * error when the request is answered. No error is a seed where nothing is drawn, and what limits
 * draws beside a temperature of 0.
 *
 * <p>Immutable and thread-safe.
 */
public final class PolyLmChatRequestParameters extends DefaultChatRequestParameters {
  /** Nothing set. */
  public static final PolyLmChatRequestParameters EMPTY = builder().build();

  private final OwnParameters own;

  private PolyLmChatRequestParameters(Builder builder) {
    super(builder);
    this.own = builder.own();
  }

  /** Nothing set. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * LangChain4j's parameters as PolyLM's.
   *
   * @throws UnsupportedFeatureException where they are those of another provider, which may say
   *     more than PolyLM can read
   */
  static PolyLmChatRequestParameters of(ChatRequestParameters parameters) {
    return parameters instanceof PolyLmChatRequestParameters own
        ? own
        : EMPTY.overrideWith(parameters);
  }

  /** The seed of the draws; null for another one each time. */
  public @Nullable Long seed() {
    return own.seed;
  }

  /** The number of beams. */
  public @Nullable Integer numBeams() {
    return own.numBeams;
  }

  /** The exponent of the length in the score of a beam; only with {@link #numBeams} above 1. */
  public @Nullable Double lengthPenalty() {
    return own.lengthPenalty;
  }

  /** When beam search ends; only with {@link #numBeams} above 1. */
  public @Nullable EarlyStopping earlyStopping() {
    return own.earlyStopping;
  }

  /** The penalty on tokens of prompt and answer. */
  public @Nullable Double repetitionPenalty() {
    return own.repetitionPenalty;
  }

  /** The length of token sequences that come only once. */
  public @Nullable Integer noRepeatNgramSize() {
    return own.noRepeatNgramSize;
  }

  /** The least probability of a token that may be drawn, beside the likeliest's. */
  public @Nullable Double minP() {
    return own.minP;
  }

  /** The probability that the most typical tokens which may be drawn add up to. */
  public @Nullable Double typicalP() {
    return own.typicalP;
  }

  /** No end before the answer has so many tokens. */
  public @Nullable Integer minNewTokens() {
    return own.minNewTokens;
  }

  /** What is added to the logits of ids. */
  public @Nullable Map<Integer, Double> logitBias() {
    return own.logitBias;
  }

  /** Whether the response's metadata says how likely each token was; not with beams. */
  public @Nullable Boolean logprobs() {
    return own.logprobs;
  }

  /** How many alternatives of each token the metadata gives; only with {@link #logprobs}. */
  public @Nullable Integer topLogprobs() {
    return own.topLogprobs;
  }

  /** How long the answer may take, waiting included; what is there then is the answer. */
  public @Nullable Duration deadline() {
    return own.deadline;
  }

  /** Of the requests that wait, those with the highest go first; 0 where it is not set. */
  public @Nullable Integer priority() {
    return own.priority;
  }

  /** Settings of the SDK's own, which hold where no parameter above says otherwise. */
  public @Nullable GenerationConfig generationConfig() {
    return own.generationConfig;
  }

  @Override
  public PolyLmChatRequestParameters overrideWith(ChatRequestParameters that) {
    return builder().overrideWith(this).overrideWith(that).build();
  }

  @Override
  public PolyLmChatRequestParameters defaultedBy(ChatRequestParameters that) {
    return builder().overrideWith(that).overrideWith(this).build();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return super.equals(other)
        && other instanceof PolyLmChatRequestParameters that
        && own.equals(that.own);
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), own);
  }

  @Override
  public String toString() {
    return "PolyLmChatRequestParameters{%s, %s}".formatted(super.toString(), own);
  }

  private record OwnParameters(
      @Nullable Long seed,
      @Nullable Integer numBeams,
      @Nullable Double lengthPenalty,
      @Nullable EarlyStopping earlyStopping,
      @Nullable Double repetitionPenalty,
      @Nullable Integer noRepeatNgramSize,
      @Nullable Double minP,
      @Nullable Double typicalP,
      @Nullable Integer minNewTokens,
      @Nullable Map<Integer, Double> logitBias,
      @Nullable Boolean logprobs,
      @Nullable Integer topLogprobs,
      @Nullable Duration deadline,
      @Nullable Integer priority,
      @Nullable GenerationConfig generationConfig) {
    OwnParameters {
      logitBias = logitBias == null ? null : Map.copyOf(logitBias);
    }
  }

  /** Collects parameters; null leaves one open. Not thread-safe. */
  public static final class Builder extends DefaultChatRequestParameters.Builder<Builder> {
    private @Nullable Long seed;
    private @Nullable Integer numBeams;
    private @Nullable Double lengthPenalty;
    private @Nullable EarlyStopping earlyStopping;
    private @Nullable Double repetitionPenalty;
    private @Nullable Integer noRepeatNgramSize;
    private @Nullable Double minP;
    private @Nullable Double typicalP;
    private @Nullable Integer minNewTokens;
    private @Nullable Map<Integer, Double> logitBias;
    private @Nullable Boolean logprobs;
    private @Nullable Integer topLogprobs;
    private @Nullable Duration deadline;
    private @Nullable Integer priority;
    private @Nullable GenerationConfig generationConfig;

    private Builder() {}

    /**
     * Sets what the parameters set.
     *
     * @throws UnsupportedFeatureException where they are those of another provider, which may say
     *     more than PolyLM can read
     */
    @Override
    public Builder overrideWith(ChatRequestParameters parameters) {
      super.overrideWith(parameters);
      if (parameters instanceof PolyLmChatRequestParameters that) {
        overrideWith(that.own);
      } else if (!parameters.getClass().equals(DefaultChatRequestParameters.class)) {
        throw new UnsupportedFeatureException(
            "%s is not supported by PolyLM, expected PolyLmChatRequestParameters or what ChatRequestParameters.builder() builds"
                .formatted(parameters.getClass().getName()));
      }
      return this;
    }

    private void overrideWith(OwnParameters that) {
      seed = firstSet(that.seed, seed);
      numBeams = firstSet(that.numBeams, numBeams);
      lengthPenalty = firstSet(that.lengthPenalty, lengthPenalty);
      earlyStopping = firstSet(that.earlyStopping, earlyStopping);
      repetitionPenalty = firstSet(that.repetitionPenalty, repetitionPenalty);
      noRepeatNgramSize = firstSet(that.noRepeatNgramSize, noRepeatNgramSize);
      minP = firstSet(that.minP, minP);
      typicalP = firstSet(that.typicalP, typicalP);
      minNewTokens = firstSet(that.minNewTokens, minNewTokens);
      logitBias = firstSet(that.logitBias, logitBias);
      logprobs = firstSet(that.logprobs, logprobs);
      topLogprobs = firstSet(that.topLogprobs, topLogprobs);
      deadline = firstSet(that.deadline, deadline);
      priority = firstSet(that.priority, priority);
      generationConfig = merged(that.generationConfig, generationConfig);
    }

    private static @Nullable GenerationConfig merged(
        @Nullable GenerationConfig config, @Nullable GenerationConfig otherwise) {
      return config == null || otherwise == null
          ? firstSet(config, otherwise)
          : config.orElse(otherwise);
    }

    private static <T> @Nullable T firstSet(@Nullable T value, @Nullable T otherwise) {
      return value == null ? otherwise : value;
    }

    /** The seed of the draws; null for another one each time. */
    public Builder seed(@Nullable Long seed) {
      this.seed = seed;
      return this;
    }

    /** The number of beams. */
    public Builder numBeams(@Nullable Integer numBeams) {
      this.numBeams = numBeams;
      return this;
    }

    /** The exponent of the length in the score of a beam; only with {@link #numBeams} above 1. */
    public Builder lengthPenalty(@Nullable Double lengthPenalty) {
      this.lengthPenalty = lengthPenalty;
      return this;
    }

    /** When beam search ends; only with {@link #numBeams} above 1. */
    public Builder earlyStopping(@Nullable EarlyStopping earlyStopping) {
      this.earlyStopping = earlyStopping;
      return this;
    }

    /** The penalty on tokens of prompt and answer. */
    public Builder repetitionPenalty(@Nullable Double repetitionPenalty) {
      this.repetitionPenalty = repetitionPenalty;
      return this;
    }

    /** The length of token sequences that come only once. */
    public Builder noRepeatNgramSize(@Nullable Integer noRepeatNgramSize) {
      this.noRepeatNgramSize = noRepeatNgramSize;
      return this;
    }

    /** The least probability of a token that may be drawn, beside the likeliest's. */
    public Builder minP(@Nullable Double minP) {
      this.minP = minP;
      return this;
    }

    /** The probability that the most typical tokens which may be drawn add up to. */
    public Builder typicalP(@Nullable Double typicalP) {
      this.typicalP = typicalP;
      return this;
    }

    /** No end before the answer has so many tokens. */
    public Builder minNewTokens(@Nullable Integer minNewTokens) {
      this.minNewTokens = minNewTokens;
      return this;
    }

    /** What is added to the logits of ids. */
    public Builder logitBias(@Nullable Map<Integer, Double> logitBias) {
      this.logitBias = logitBias;
      return this;
    }

    /** Whether the response's metadata says how likely each token was; not with beams. */
    public Builder logprobs(@Nullable Boolean logprobs) {
      this.logprobs = logprobs;
      return this;
    }

    /** How many alternatives of each token the metadata gives; only with {@link #logprobs}. */
    public Builder topLogprobs(@Nullable Integer topLogprobs) {
      this.topLogprobs = topLogprobs;
      return this;
    }

    /** How long the answer may take, waiting included; what is there then is the answer. */
    public Builder deadline(@Nullable Duration deadline) {
      this.deadline = deadline;
      return this;
    }

    /** Of the requests that wait, those with the highest go first; 0 where it is not set. */
    public Builder priority(@Nullable Integer priority) {
      this.priority = priority;
      return this;
    }

    /**
     * Settings of the SDK's own, for what has no parameter here too: each holds where no parameter
     * says otherwise.
     */
    public Builder generationConfig(@Nullable GenerationConfig generationConfig) {
      this.generationConfig = generationConfig;
      return this;
    }

    private OwnParameters own() {
      return new OwnParameters(
          seed,
          numBeams,
          lengthPenalty,
          earlyStopping,
          repetitionPenalty,
          noRepeatNgramSize,
          minP,
          typicalP,
          minNewTokens,
          logitBias,
          logprobs,
          topLogprobs,
          deadline,
          priority,
          generationConfig);
    }

    @Override
    public PolyLmChatRequestParameters build() {
      return new PolyLmChatRequestParameters(this);
    }
  }
}
