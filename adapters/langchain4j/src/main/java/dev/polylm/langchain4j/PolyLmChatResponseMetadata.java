package dev.polylm.langchain4j;

import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.polylm.generation.FinishReason;
import dev.polylm.generation.Timings;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The metadata of a response: LangChain4j's, and those that PolyLM adds. Immutable and thread-safe.
 *
 * <pre>{@code
 * try (PolyLmChatModel model = PolyLmChatModel.builder().logprobs(true).build()) {
 *   var response = model.chat(dev.langchain4j.data.message.UserMessage.from("Hello"));
 *   var metadata = (PolyLmChatResponseMetadata) response.metadata();
 *   System.out.println(metadata.generationFinishReason() + " " + metadata.logprobs());
 * }
 * }</pre>
 */
public final class PolyLmChatResponseMetadata extends ChatResponseMetadata {
  private final @Nullable FinishReason generationFinishReason;
  private final @Nullable Long seed;
  private final @Nullable Timings timings;
  private final List<TokenLogprob> logprobs;

  private PolyLmChatResponseMetadata(Builder builder) {
    super(builder);
    this.generationFinishReason = builder.generationFinishReason;
    this.seed = builder.seed;
    this.timings = builder.timings;
    this.logprobs = List.copyOf(builder.logprobs);
  }

  /** Returns a builder with nothing set. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns why the answer ended, more exactly than {@link #finishReason}. That one is STOP both
   * for a token and for a string that ends the answer, and OTHER both for the end of the time and
   * for an interrupt of the waiting thread.
   */
  public @Nullable FinishReason generationFinishReason() {
    return generationFinishReason;
  }

  /** Returns the seed of the draws; the same seed gives the same answer again. */
  public @Nullable Long seed() {
    return seed;
  }

  /** Returns how long the answer took. */
  public @Nullable Timings timings() {
    return timings;
  }

  /**
   * Returns the log-probability of each token of the answer, in order; empty if the request did not
   * ask for it.
   */
  public List<TokenLogprob> logprobs() {
    return logprobs;
  }

  @Override
  public Builder toBuilder() {
    Builder builder = builder();
    toBuilder(builder);
    return builder
        .generationFinishReason(generationFinishReason)
        .seed(seed)
        .timings(timings)
        .logprobs(logprobs);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return super.equals(other)
        && other instanceof PolyLmChatResponseMetadata that
        && generationFinishReason == that.generationFinishReason
        && Objects.equals(seed, that.seed)
        && Objects.equals(timings, that.timings)
        && logprobs.equals(that.logprobs);
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), generationFinishReason, seed, timings, logprobs);
  }

  @Override
  public String toString() {
    return "PolyLmChatResponseMetadata{%s, generationFinishReason=%s, seed=%s, timings=%s, logprobs=%s}"
        .formatted(super.toString(), generationFinishReason, seed, timings, logprobs);
  }

  /** Collects metadata. Not thread-safe. */
  public static final class Builder extends ChatResponseMetadata.Builder<Builder> {
    private @Nullable FinishReason generationFinishReason;
    private @Nullable Long seed;
    private @Nullable Timings timings;
    private List<TokenLogprob> logprobs = List.of();

    private Builder() {}

    /** Sets why the answer ended. */
    public Builder generationFinishReason(@Nullable FinishReason generationFinishReason) {
      this.generationFinishReason = generationFinishReason;
      return this;
    }

    /** Sets the seed of the draws. */
    public Builder seed(@Nullable Long seed) {
      this.seed = seed;
      return this;
    }

    /** Sets how long the answer took. */
    public Builder timings(@Nullable Timings timings) {
      this.timings = timings;
      return this;
    }

    /** Sets the log-probability of each token of the answer. */
    public Builder logprobs(List<TokenLogprob> logprobs) {
      this.logprobs = logprobs;
      return this;
    }

    @Override
    public PolyLmChatResponseMetadata build() {
      return new PolyLmChatResponseMetadata(this);
    }
  }
}
