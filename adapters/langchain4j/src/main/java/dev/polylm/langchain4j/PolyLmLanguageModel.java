package dev.polylm.langchain4j;

import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.language.LanguageModel;
import dev.langchain4j.model.output.Response;
import dev.polylm.PolyLmException;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import dev.polylm.internal.chat.CutAnswers;
import dev.polylm.langchain4j.spi.PolyLmLanguageModelBuilderFactory;

/**
 * Runs a PolyLM in this JVM as LangChain4j's LanguageModel. It returns exactly the text with which
 * the model continues the prompt, and it adds no prompt form. Special tokens in the prompt are
 * plain text. The metadata of a response have the names of {@link PolyLmChatResponseMetadata}'s
 * methods.
 *
 * <pre>{@code
 * try (PolyLmLanguageModel model = PolyLmLanguageModel.builder().build()) {
 *   System.out.println(model.generate("The capital of France is").content());
 * }
 * }</pre>
 *
 * <p>Thread-safe: many threads may call it at once. An interrupted thread gets what was generated
 * so far.
 */
public class PolyLmLanguageModel implements LanguageModel, AutoCloseable {
  private final LazyModels models;
  private final PolyLmChatRequestParameters parameters;

  /**
   * Creates an instance for a framework's proxy, which passes every call on to a model of its own.
   */
  @SuppressWarnings("NullAway") // a proxy uses no field
  protected PolyLmLanguageModel() {
    this.models = null;
    this.parameters = null;
  }

  /** Creates what {@link Builder#build()} returns. */
  protected PolyLmLanguageModel(Builder builder) {
    this.parameters = builder.checkedParameters();
    this.models = builder.open(parameters.modelName());
  }

  /**
   * Returns a new builder. If the class path holds a factory for builders, the factory makes it.
   */
  public static Builder builder() {
    return BuilderFactories.builder(PolyLmLanguageModelBuilderFactory.class, Builder::new);
  }

  /**
   * Returns the text that continues a prompt.
   *
   * @throws InvalidRequestException if the prompt is empty or too long, or parameters contradict
   *     each other or the model
   * @throws RateLimitException if too many requests wait already
   * @throws PolyLmException if the model is closed; {@link #closeNow} ends the call with an {@link
   *     dev.polylm.constraint.UnfinishedAnswerException}
   */
  @Override
  public Response<String> generate(String prompt) {
    return models.ask(
        null,
        polyLm -> {
          GenerationResult result =
              CutAnswers.checked(Refusals.translating(() -> polyLm.generate(request(prompt))));
          return Answers.response(polyLm, result);
        });
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
    /** Creates a builder with nothing set; use {@link PolyLmLanguageModel#builder()} instead. */
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
    public PolyLmLanguageModel build() {
      return new PolyLmLanguageModel(this);
    }
  }
}
