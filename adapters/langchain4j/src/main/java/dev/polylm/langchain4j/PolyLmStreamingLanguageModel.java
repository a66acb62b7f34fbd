package dev.polylm.langchain4j;

import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.StreamingResponseHandler;
import dev.langchain4j.model.language.StreamingLanguageModel;
import dev.polylm.PolyLmException;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.langchain4j.spi.PolyLmStreamingLanguageModelBuilderFactory;

/**
 * A PolyLM in this JVM as LangChain4j's StreamingLanguageModel: as {@link PolyLmLanguageModel},
 * with the text given piece by piece while it is made, in whole characters as a reader sees them.
 * With beams it is one piece, since it is known at the end only. All calls of a handler come from
 * one thread, which is not the caller's; a slow handler delays no other request.
 *
 * <pre>{@code
 * try (PolyLmStreamingLanguageModel model = PolyLmStreamingLanguageModel.builder().build()) {
 *   model.generate(
 *       "The capital of France is",
 *       new dev.langchain4j.model.StreamingResponseHandler<String>() {
 *         @Override
 *         public void onNext(String piece) {
 *           System.out.print(piece);
 *         }
 *
 *         @Override
 *         public void onError(Throwable error) {
 *           error.printStackTrace();
 *         }
 *       });
 * }
 * }</pre>
 *
 * <p>Thread-safe: many threads may ask at once.
 */
public class PolyLmStreamingLanguageModel implements StreamingLanguageModel, AutoCloseable {
  private final Models models;
  private final PolyLmChatRequestParameters parameters;

  /** For proxies of frameworks, which pass every call on to a model of their own. */
  @SuppressWarnings("NullAway") // a proxy uses no field
  protected PolyLmStreamingLanguageModel() {
    this.models = null;
    this.parameters = null;
  }

  /** As {@link Builder#build()}. */
  protected PolyLmStreamingLanguageModel(Builder builder) {
    this.parameters = builder.checkedParameters();
    this.models = builder.open(parameters.modelName());
  }

  /** A builder, of a factory that the class path holds where it holds one. */
  public static Builder builder() {
    return BuilderFactories.builder(PolyLmStreamingLanguageModelBuilderFactory.class, Builder::new);
  }

  /**
   * Begins to answer. What goes wrong the handler hears: an {@link InvalidRequestException} where
   * the prompt is empty or too long, or parameters contradict each other or the model; a {@link
   * RateLimitException} where too many requests wait already; a {@link PolyLmException} where the
   * model is closed.
   */
  @Override
  public void generate(String prompt, StreamingResponseHandler<String> handler) {
    StreamingGeneration.start(
        models, null, polyLm -> request(prompt), new LanguageReceiver(handler));
  }

  private GenerationRequest request(String prompt) {
    return GenerationSettings.on(GenerationRequest.ofPrompt(prompt), parameters);
  }

  /** Waits for the calls in flight, then frees the model unless others share it; idempotent. */
  @Override
  public void close() {
    models.close();
  }

  /** As {@link #close()}, but ends the calls in flight at once, with what they have. */
  public void closeNow() {
    models.closeNow();
  }

  /** Collects what the model is to be. Not thread-safe. */
  public static class Builder extends PolyLmGenerationBuilder<Builder> {
    /** Nothing set; {@link PolyLmStreamingLanguageModel#builder()} is the usual way. */
    public Builder() {}

    /**
     * Opens the model.
     *
     * @throws PolyLmException if the model can't be opened, or a parameter is out of range
     * @throws ModelNotFoundException if no model has the name that is set
     * @throws UnsupportedFeatureException if the default parameters ask for what PolyLM can't do
     * @throws IllegalArgumentException if two places for models are set, or there are several
     *     models and no name is set
     */
    public PolyLmStreamingLanguageModel build() {
      return new PolyLmStreamingLanguageModel(this);
    }
  }
}
