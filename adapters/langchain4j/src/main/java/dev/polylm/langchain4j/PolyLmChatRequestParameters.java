package dev.polylm.langchain4j;

import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.polylm.Adapter;
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
 * The parameters of a request: LangChain4j's, and those that PolyLM adds. A parameter that is null
 * takes the model's default, or else the value in its generation_config.json. {@link
 * GenerationConfigBuilder} documents ranges and meanings. A parameter that is out of range or has
 * no effect is an error when the request is answered. Two cases are allowed: a seed if nothing is
 * drawn, and limits on draws if the temperature is 0.
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
  /** Parameters with nothing set. */
  public static final PolyLmChatRequestParameters EMPTY = builder().build();

  private static final String CONFIG = "generationConfig";

  /** Parameters that are not settings of the SDK. */
  private static final Set<String> NO_SETTINGS = Set.of(CONFIG, "priority", "adapter");

  /** The SDK's name of each setting that has another name here. */
  private static final Map<String, String> OTHER_NAMES =
      Map.of(
          "maxOutputTokens", "max_new_tokens",
          "stopSequences", "stop_strings",
          "logprobs", "output_logprobs",
          "deadline", "max_time");

  /**
   * The parameters that LangChain4j has no name for. Only those that are set are listed, by their
   * names here.
   */
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

  /** Returns a builder with nothing set. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns LangChain4j's parameters as PolyLM's.
   *
   * @throws UnsupportedFeatureException if they belong to another provider, since they may say more
   *     than PolyLM can read
   */
  static PolyLmChatRequestParameters of(ChatRequestParameters parameters) {
    return parameters instanceof PolyLmChatRequestParameters own
        ? own
        : EMPTY.overrideWith(parameters);
  }

  /** Returns the seed of the draws; with null each answer gets another one. */
  public @Nullable Long seed() {
    return get("seed", Long.class);
  }

  /** Returns the number of beams. */
  public @Nullable Integer numBeams() {
    return get("numBeams", Integer.class);
  }

  /**
   * Returns the exponent of the length in the score of a beam; only with {@link #numBeams} above 1.
   */
  public @Nullable Double lengthPenalty() {
    return get("lengthPenalty", Double.class);
  }

  /** Returns when beam search ends; only with {@link #numBeams} above 1. */
  public @Nullable EarlyStopping earlyStopping() {
    return get("earlyStopping", EarlyStopping.class);
  }

  /** Returns the penalty on tokens that the prompt or the answer already has. */
  public @Nullable Double repetitionPenalty() {
    return get("repetitionPenalty", Double.class);
  }

  /** Returns the length of the token sequences that may occur only once. */
  public @Nullable Integer noRepeatNgramSize() {
    return get("noRepeatNgramSize", Integer.class);
  }

  /**
   * Returns the least probability of a token that may be drawn, as a share of the most likely
   * token's.
   */
  public @Nullable Double minP() {
    return get("minP", Double.class);
  }

  /**
   * Returns the total probability of the most typical tokens, which are those that may be drawn.
   */
  public @Nullable Double typicalP() {
    return get("typicalP", Double.class);
  }

  /** Returns the number of tokens that an answer must have before it may end. */
  public @Nullable Integer minNewTokens() {
    return get("minNewTokens", Integer.class);
  }

  /** Returns the values that are added to the logits of ids. */
  @SuppressWarnings("unchecked") // only the builder's setter stores it
  public @Nullable Map<Integer, Double> logitBias() {
    return (Map<Integer, Double>) own.get("logitBias");
  }

  /** Returns whether the response's metadata holds the log-probability of each token. */
  public @Nullable Boolean logprobs() {
    return get("logprobs", Boolean.class);
  }

  /**
   * Returns how many alternatives to each token the metadata holds; only with {@link #logprobs}.
   */
  public @Nullable Integer topLogprobs() {
    return get("topLogprobs", Integer.class);
  }

  /**
   * Returns how long the answer may take, including the time in the queue. When the time is over,
   * the answer ends with what it has.
   */
  public @Nullable Duration deadline() {
    return get("deadline", Duration.class);
  }

  /**
   * Returns the rank among waiting requests, 0 if not set. The request with the highest rank goes
   * first.
   */
  public @Nullable Integer priority() {
    return get("priority", Integer.class);
  }

  /** Returns the adapter that the model answers with. */
  public @Nullable Adapter adapter() {
    return get("adapter", Adapter.class);
  }

  /** Returns the settings of the SDK; the parameters above take precedence. */
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

  /** Collects parameters; null leaves a parameter open. Not thread-safe. */
  public static final class Builder extends DefaultChatRequestParameters.Builder<Builder> {
    private final Map<String, Object> own = new TreeMap<>();

    private Builder() {}

    /**
     * Copies the parameters that are set in the argument.
     *
     * @throws UnsupportedFeatureException if they belong to another provider, since they may say
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

    /** Sets the seed of the draws; with null each answer gets another one. */
    public Builder seed(@Nullable Long seed) {
      return set("seed", seed);
    }

    /** Sets the number of beams. */
    public Builder numBeams(@Nullable Integer numBeams) {
      return set("numBeams", numBeams);
    }

    /**
     * Sets the exponent of the length in the score of a beam; only with {@link #numBeams} above 1.
     */
    public Builder lengthPenalty(@Nullable Double lengthPenalty) {
      return set("lengthPenalty", lengthPenalty);
    }

    /** Sets when beam search ends; only with {@link #numBeams} above 1. */
    public Builder earlyStopping(@Nullable EarlyStopping earlyStopping) {
      return set("earlyStopping", earlyStopping);
    }

    /** Sets the penalty on tokens that the prompt or the answer already has. */
    public Builder repetitionPenalty(@Nullable Double repetitionPenalty) {
      return set("repetitionPenalty", repetitionPenalty);
    }

    /** Sets the length of the token sequences that may occur only once. */
    public Builder noRepeatNgramSize(@Nullable Integer noRepeatNgramSize) {
      return set("noRepeatNgramSize", noRepeatNgramSize);
    }

    /**
     * Sets the least probability of a token that may be drawn, as a share of the most likely
     * token's.
     */
    public Builder minP(@Nullable Double minP) {
      return set("minP", minP);
    }

    /** Sets the total probability of the most typical tokens, which are those that may be drawn. */
    public Builder typicalP(@Nullable Double typicalP) {
      return set("typicalP", typicalP);
    }

    /** Sets the number of tokens that an answer must have before it may end. */
    public Builder minNewTokens(@Nullable Integer minNewTokens) {
      return set("minNewTokens", minNewTokens);
    }

    /** Sets the values that are added to the logits of ids. */
    public Builder logitBias(@Nullable Map<Integer, Double> logitBias) {
      return set("logitBias", logitBias == null ? null : Map.copyOf(logitBias));
    }

    /** Sets whether the response's metadata holds the log-probability of each token. */
    public Builder logprobs(@Nullable Boolean logprobs) {
      return set("logprobs", logprobs);
    }

    /** Sets how many alternatives to each token the metadata holds; only with {@link #logprobs}. */
    public Builder topLogprobs(@Nullable Integer topLogprobs) {
      return set("topLogprobs", topLogprobs);
    }

    /**
     * Sets how long the answer may take, including the time in the queue. When the time is over,
     * the answer ends with what it has.
     */
    public Builder deadline(@Nullable Duration deadline) {
      return set("deadline", deadline);
    }

    /**
     * Sets the rank among waiting requests, 0 if not set. The request with the highest rank goes
     * first.
     */
    public Builder priority(@Nullable Integer priority) {
      return set("priority", priority);
    }

    /** Sets the adapter that the model answers with; the model must have loaded it. */
    public Builder adapter(@Nullable Adapter adapter) {
      return set("adapter", adapter);
    }

    /**
     * Sets the settings of the SDK, including those without a parameter here. A parameter takes
     * precedence over the setting of the same meaning.
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
