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
 * Runs a PolyLM in this JVM as LangChain4j's StreamingLanguageModel. It works like {@link
 * PolyLmLanguageModel}, but delivers the text piece by piece while the model generates it. A piece
 * holds whole characters, as a reader sees them. With beams the text is one piece, since it is
 * known only at the end. All calls of a handler come from one thread, which is not the caller's. A
 * slow handler delays no other request.
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
 * <p>Thread-safe: many threads may call it at once.
 */
public class PolyLmStreamingLanguageModel implements StreamingLanguageModel, AutoCloseable {
  private final LazyModels models;
  private final PolyLmChatRequestParameters parameters;

  /**
   * Creates an instance for a framework's proxy, which passes every call on to a model of its own.
   */
  @SuppressWarnings("NullAway") // a proxy uses no field
  protected PolyLmStreamingLanguageModel() {
    this.models = null;
    this.parameters = null;
  }

  /** Creates what {@link Builder#build()} returns. */
  protected PolyLmStreamingLanguageModel(Builder builder) {
    this.parameters = builder.checkedParameters();
    this.models = builder.open(parameters.modelName());
  }

  /**
   * Returns a new builder. If the class path holds a factory for builders, the factory makes it.
   */
  public static Builder builder() {
    return BuilderFactories.builder(PolyLmStreamingLanguageModelBuilderFactory.class, Builder::new);
  }

  /**
   * Begins to answer. The handler gets errors: an {@link InvalidRequestException} if the prompt is
   * empty or too long, or parameters contradict each other or the model; a {@link
   * RateLimitException} if too many requests wait already; a {@link PolyLmException} if the model
   * is closed.
   */
  @Override
  public void generate(String prompt, StreamingResponseHandler<String> handler) {
    StreamingGeneration.start(
        models, null, polyLm -> request(prompt), new LanguageReceiver(handler));
  }

  private GenerationRequest request(String prompt) {
    return GenerationSettings.on(GenerationRequest.ofPrompt(prompt), parameters);
  }

  /**
   * Waits for the calls in flight, then frees the model unless others share it. A second call does
   * nothing.
   */
  @Override
  public void close() {
    models.close();
  }

  /**
   * Closes like {@link #close()}, but ends the calls in flight at once. They fail with an {@link
   * dev.polylm.constraint.UnfinishedAnswerException}, which has the text so far.
   */
  public void closeNow() {
    models.closeNow();
  }

  /** Collects the settings of the model. Not thread-safe. */
  public static class Builder extends PolyLmGenerationBuilder<Builder> {
    /**
     * Creates a builder with nothing set; use {@link PolyLmStreamingLanguageModel#builder()}
     * instead.
     */
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
