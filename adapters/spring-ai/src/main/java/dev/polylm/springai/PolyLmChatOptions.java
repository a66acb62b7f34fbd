package dev.polylm.springai;

import dev.polylm.generation.GenerationConfig;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.model.tool.DefaultToolCallingChatOptions;
import org.springframework.ai.model.tool.StructuredOutputChatOptions;
import org.springframework.ai.model.tool.ToolCallingChatOptions;

/**
 * Spring AI's options, and the settings of PolyLM that Spring AI has no name for. With an output
 * schema, the answer is JSON that is valid for the schema. Immutable.
 *
 * <pre>{@code
 * PolyLmChatOptions options =
 *     PolyLmChatOptions.builder()
 *         .maxTokens(100)
 *         .generationConfig(GenerationConfig.builder().numBeams(4).build())
 *         .build();
 * }</pre>
 */
public final class PolyLmChatOptions extends DefaultToolCallingChatOptions
    implements StructuredOutputChatOptions {
  private final @Nullable String outputSchema;
  private final @Nullable GenerationConfig generationConfig;

  @SuppressWarnings("NullAway") // Spring AI declares null for what is not set
  private PolyLmChatOptions(
      ToolCallingChatOptions options,
      @Nullable String outputSchema,
      @Nullable GenerationConfig generationConfig) {
    super(
        options.getToolCallbacks(),
        options.getToolContext(),
        options.getModel(),
        options.getFrequencyPenalty(),
        options.getMaxTokens(),
        options.getPresencePenalty(),
        options.getStopSequences(),
        options.getTemperature(),
        options.getTopK(),
        options.getTopP());
    this.outputSchema = outputSchema;
    this.generationConfig = generationConfig;
  }

  /** Returns a builder with nothing set. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the JSON Schema of an answer that calls no tool. */
  @Override
  public @Nullable String getOutputSchema() {
    return outputSchema;
  }

  /** Returns the settings of the SDK; the options above take precedence. */
  public @Nullable GenerationConfig getGenerationConfig() {
    return generationConfig;
  }

  @Override
  public Builder mutate() {
    return new Builder()
        .model(getModel())
        .frequencyPenalty(getFrequencyPenalty())
        .maxTokens(getMaxTokens())
        .presencePenalty(getPresencePenalty())
        .stopSequences(getStopSequences())
        .temperature(getTemperature())
        .topK(getTopK())
        .topP(getTopP())
        .toolCallbacks(getToolCallbacks())
        .toolContext(getToolContext())
        .outputSchema(outputSchema)
        .generationConfig(generationConfig);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return super.equals(other)
        && other instanceof PolyLmChatOptions that
        && Objects.equals(outputSchema, that.outputSchema)
        && Objects.equals(generationConfig, that.generationConfig);
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), outputSchema, generationConfig);
  }

  /** Collects options; null leaves an option open. Not thread-safe. */
  public static final class Builder extends DefaultToolCallingChatOptions.Builder<Builder>
      implements StructuredOutputChatOptions.Builder<Builder> {
    private @Nullable String outputSchema;
    private @Nullable GenerationConfig generationConfig;

    private Builder() {}

    @Override
    public Builder outputSchema(@Nullable String outputSchema) {
      this.outputSchema = outputSchema;
      return this;
    }

    /**
     * Sets the settings of the SDK, also those without an option here. An option takes precedence
     * over the setting of the same meaning.
     */
    public Builder generationConfig(@Nullable GenerationConfig generationConfig) {
      this.generationConfig = generationConfig;
      return this;
    }

    /** Copies the options that are set in the argument. */
    @Override
    public Builder combineWith(ChatOptions.Builder<?> other) {
      super.combineWith(other);
      if (other.build() instanceof StructuredOutputChatOptions that
          && that.getOutputSchema() != null) {
        outputSchema = that.getOutputSchema();
      }
      if (other instanceof Builder that && that.generationConfig != null) {
        generationConfig =
            generationConfig == null
                ? that.generationConfig
                : that.generationConfig.orElse(generationConfig);
      }
      return this;
    }

    @Override
    public PolyLmChatOptions build() {
      return new PolyLmChatOptions(super.build(), outputSchema, generationConfig);
    }
  }
}
