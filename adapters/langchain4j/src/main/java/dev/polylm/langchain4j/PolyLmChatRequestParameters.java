package dev.polylm.langchain4j;

import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.polylm.generation.EarlyStopping;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationConfigBuilder;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * LangChain4j's parameters of a request, and those that PolyLM adds. Null leaves a parameter to the
 * model's defaults, and then to its generation_config.json. {@link GenerationConfigBuilder} gives
 * ranges and meaning. A parameter that is out of range or has no effect is an error when the
 * request is answered. Two exceptions are no error: a seed if nothing is drawn, and limits on draws
 * if the temperature is 0.
 *
 * <pre>{@code
 * ChatRequest request =
 *     ChatRequest.builder()
 *         .messages(dev.langchain4j.data.message.UserMessage.from("Why is the sky blue?"))
 *         .parameters(PolyLmChatRequestParameters.builder().numBeams(4).build())
 *         .build();
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class PolyLmChatRequestParameters extends DefaultChatRequestParameters {
  /** Nothing set. */
  public static final PolyLmChatRequestParameters EMPTY = builder().build();

  private static final String CONFIG = "generationConfig";

  /** What has no setting of the SDK. */
  private static final Set<String> NO_SETTINGS = Set.of(CONFIG, "priority");

  /** Settings of the SDK with another name than the parameter's. */
  private static final Map<String, String> OTHER_NAMES =
      Map.of(
          "maxOutputTokens", "max_new_tokens",
          "stopSequences", "stop_strings",
          "logprobs", "output_logprobs",
          "deadline", "max_time");

  /** The parameters that LangChain4j has no name for, those that are set, by their names here. */
  private final Map<String, Object> own;

  private PolyLmChatRequestParameters(Builder builder) {
    super(builder);
    this.own = Collections.unmodifiableMap(new TreeMap<>(builder.own));
  }

  private <T> @Nullable T get(String name, Class<T> type) {
    return type.cast(own.get(name));
  }

  /** Returns the parameters that are set as settings of the SDK, by Hugging Face's names. */
  Map<String, Object> settings() {
    Map<String, Object> parameters = new HashMap<>(own);
    parameters.keySet().removeAll(NO_SETTINGS);
    putIfSet(parameters, "temperature", temperature());
    putIfSet(parameters, "topP", topP());
    putIfSet(parameters, "topK", topK());
    putIfSet(parameters, "frequencyPenalty", frequencyPenalty());
    putIfSet(parameters, "presencePenalty", presencePenalty());
    putIfSet(parameters, "maxOutputTokens", maxOutputTokens());
    List<String> stops = stopSequences();
    putIfSet(parameters, "stopSequences", stops == null || stops.isEmpty() ? null : stops);
    Map<String, Object> settings = new HashMap<>();
    parameters.forEach((name, value) -> settings.put(settingName(name), value));
    return settings;
  }

  private static void putIfSet(Map<String, Object> map, String name, @Nullable Object value) {
    if (value != null) {
      map.put(name, value);
    }
  }

  private static String settingName(String name) {
    String other = OTHER_NAMES.get(name);
    return other != null ? other : name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  /** Nothing set. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * LangChain4j's parameters as PolyLM's.
   *
   * @throws UnsupportedFeatureException if they are those of another provider, which may say more
   *     than PolyLM can read
   */
  static PolyLmChatRequestParameters of(ChatRequestParameters parameters) {
    return parameters instanceof PolyLmChatRequestParameters own
        ? own
        : EMPTY.overrideWith(parameters);
  }

  /** The seed of the draws; null for another one each time. */
  public @Nullable Long seed() {
    return get("seed", Long.class);
  }

  /** The number of beams. */
  public @Nullable Integer numBeams() {
    return get("numBeams", Integer.class);
  }

  /** The exponent of the length in the score of a beam; only with {@link #numBeams} above 1. */
  public @Nullable Double lengthPenalty() {
    return get("lengthPenalty", Double.class);
  }

  /** When beam search ends; only with {@link #numBeams} above 1. */
  public @Nullable EarlyStopping earlyStopping() {
    return get("earlyStopping", EarlyStopping.class);
  }

  /** The penalty on tokens of prompt and answer. */
  public @Nullable Double repetitionPenalty() {
    return get("repetitionPenalty", Double.class);
  }

  /** The length of token sequences that come only once. */
  public @Nullable Integer noRepeatNgramSize() {
    return get("noRepeatNgramSize", Integer.class);
  }

  /** The least probability of a token that may be drawn, beside the likeliest's. */
  public @Nullable Double minP() {
    return get("minP", Double.class);
  }

  /** The probability that the most typical tokens which may be drawn add up to. */
  public @Nullable Double typicalP() {
    return get("typicalP", Double.class);
  }

  /** No end before the answer has so many tokens. */
  public @Nullable Integer minNewTokens() {
    return get("minNewTokens", Integer.class);
  }

  /** What is added to the logits of ids. */
  @SuppressWarnings("unchecked") // only the builder's setter puts it
  public @Nullable Map<Integer, Double> logitBias() {
    return (Map<Integer, Double>) own.get("logitBias");
  }

  /** Whether the response's metadata says how likely each token was. */
  public @Nullable Boolean logprobs() {
    return get("logprobs", Boolean.class);
  }

  /** How many alternatives of each token the metadata gives; only with {@link #logprobs}. */
  public @Nullable Integer topLogprobs() {
    return get("topLogprobs", Integer.class);
  }

  /** How long the answer may take, waiting included; then the answer ends as it is. */
  public @Nullable Duration deadline() {
    return get("deadline", Duration.class);
  }

  /** The rank among waiting requests, 0 if not set; the highest goes first. */
  public @Nullable Integer priority() {
    return get("priority", Integer.class);
  }

  /** Settings of the SDK; the parameters above go before them. */
  public @Nullable GenerationConfig generationConfig() {
    return get("generationConfig", GenerationConfig.class);
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

  /** Collects parameters; null leaves one open. Not thread-safe. */
  public static final class Builder extends DefaultChatRequestParameters.Builder<Builder> {
    private final Map<String, Object> own = new TreeMap<>();

    private Builder() {}

    /**
     * Sets what the parameters set.
     *
     * @throws UnsupportedFeatureException if they are those of another provider, which may say more
     *     than PolyLM can read
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

    private void overrideWith(Map<String, Object> that) {
      GenerationConfig before = (GenerationConfig) own.get(CONFIG);
      own.putAll(that);
      GenerationConfig config = (GenerationConfig) that.get(CONFIG);
      if (before != null && config != null) {
        own.put(CONFIG, config.orElse(before));
      }
    }

    private Builder set(String name, @Nullable Object value) {
      if (value == null) {
        own.remove(name);
      } else {
        own.put(name, value);
      }
      return this;
    }

    /** The seed of the draws; null for another one each time. */
    public Builder seed(@Nullable Long seed) {
      return set("seed", seed);
    }

    /** The number of beams. */
    public Builder numBeams(@Nullable Integer numBeams) {
      return set("numBeams", numBeams);
    }

    /** The exponent of the length in the score of a beam; only with {@link #numBeams} above 1. */
    public Builder lengthPenalty(@Nullable Double lengthPenalty) {
      return set("lengthPenalty", lengthPenalty);
    }

    /** When beam search ends; only with {@link #numBeams} above 1. */
    public Builder earlyStopping(@Nullable EarlyStopping earlyStopping) {
      return set("earlyStopping", earlyStopping);
    }

    /** The penalty on tokens of prompt and answer. */
    public Builder repetitionPenalty(@Nullable Double repetitionPenalty) {
      return set("repetitionPenalty", repetitionPenalty);
    }

    /** The length of token sequences that come only once. */
    public Builder noRepeatNgramSize(@Nullable Integer noRepeatNgramSize) {
      return set("noRepeatNgramSize", noRepeatNgramSize);
    }

    /** The least probability of a token that may be drawn, beside the likeliest's. */
    public Builder minP(@Nullable Double minP) {
      return set("minP", minP);
    }

    /** The probability that the most typical tokens which may be drawn add up to. */
    public Builder typicalP(@Nullable Double typicalP) {
      return set("typicalP", typicalP);
    }

    /** No end before the answer has so many tokens. */
    public Builder minNewTokens(@Nullable Integer minNewTokens) {
      return set("minNewTokens", minNewTokens);
    }

    /** What is added to the logits of ids. */
    public Builder logitBias(@Nullable Map<Integer, Double> logitBias) {
      return set("logitBias", logitBias == null ? null : Map.copyOf(logitBias));
    }

    /** Whether the response's metadata says how likely each token was. */
    public Builder logprobs(@Nullable Boolean logprobs) {
      return set("logprobs", logprobs);
    }

    /** How many alternatives of each token the metadata gives; only with {@link #logprobs}. */
    public Builder topLogprobs(@Nullable Integer topLogprobs) {
      return set("topLogprobs", topLogprobs);
    }

    /** How long the answer may take, waiting included; then the answer ends as it is. */
    public Builder deadline(@Nullable Duration deadline) {
      return set("deadline", deadline);
    }

    /** The rank among waiting requests, 0 if not set; the highest goes first. */
    public Builder priority(@Nullable Integer priority) {
      return set("priority", priority);
    }

    /**
     * Settings of the SDK, also those without a parameter here. A parameter goes before the setting
     * of the same meaning.
     */
    public Builder generationConfig(@Nullable GenerationConfig generationConfig) {
      return set("generationConfig", generationConfig);
    }

    @Override
    public PolyLmChatRequestParameters build() {
      return new PolyLmChatRequestParameters(this);
    }
  }
}
