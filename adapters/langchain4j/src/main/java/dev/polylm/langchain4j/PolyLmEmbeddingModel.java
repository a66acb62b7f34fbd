package dev.polylm.langchain4j;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.embedding.DimensionAwareEmbeddingModel;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.output.TokenUsage;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.langchain4j.spi.PolyLmEmbeddingModelBuilderFactory;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs a PolyLM in this JVM as LangChain4j's EmbeddingModel. An embedding is the mean of the
 * model's last hidden states over a text's tokens, scaled to length 1; see {@link
 * PolyLm#embed(java.util.List)}.
 *
 * <pre>{@code
 * try (PolyLmEmbeddingModel model = PolyLmEmbeddingModel.builder().build()) {
 *   float[] vector = model.embed("Beijing is the capital of China.").content().vector();
 * }
 * }</pre>
 *
 * <p>The parameter {@code modelName} of a request is honoured. {@code dimensions}, {@code
 * inputType} and inputs other than text are refused. A segment's metadata are not part of its text.
 *
 * <p>Thread-safe: many threads may call it at once.
 */
public class PolyLmEmbeddingModel extends DimensionAwareEmbeddingModel
    implements EmbeddingModel, AutoCloseable {
  private final LazyModels models;
  private final EmbeddingRequestParameters defaultRequestParameters;
  private final List<EmbeddingModelListener> listeners;

  /**
   * Creates an instance for a framework's proxy, which passes every call on to a model of its own.
   */
  @SuppressWarnings("NullAway") // a proxy uses no field
  protected PolyLmEmbeddingModel() {
    this.models = null;
    this.defaultRequestParameters = null;
    this.listeners = null;
  }

  /** Creates what {@link Builder#build()} returns. */
  protected PolyLmEmbeddingModel(Builder builder) {
    this.models = builder.openForEmbeddings();
    this.defaultRequestParameters =
        EmbeddingRequestParameters.builder().modelName(models.defaultName()).build();
    this.listeners = List.copyOf(builder.listeners);
  }

  /**
   * Returns a new builder. If the class path holds a factory for builders, the factory makes it.
   */
  public static Builder builder() {
    return BuilderFactories.builder(PolyLmEmbeddingModelBuilderFactory.class, Builder::new);
  }

  /**
   * Embeds the inputs of a request whose parameters are complete. Applications call {@code embed}
   * and {@code embedAll} instead.
   *
   * @throws ModelNotFoundException if no model has the name that the request asks for
   * @throws InvalidRequestException if a text is empty or longer than the model's context, or the
   *     model's graph gives no hidden states
   * @throws RateLimitException if too many requests wait already
   * @throws PolyLmException if the model is closed
   */
  @Override
  public EmbeddingResponse doEmbed(EmbeddingRequest request) {
    List<String> texts = request.inputs().stream().map(EmbeddingInput::text).toList();
    return models.ask(request.modelName(), polyLm -> response(polyLm, texts));
  }

  private static EmbeddingResponse response(PolyLm polyLm, List<String> texts) {
    List<float[]> embeddings = Refusals.translating(() -> polyLm.embed(texts));
    int tokens =
        texts.stream().mapToInt(text -> polyLm.tokenizer().encodePrompt(text, false).length).sum();
    return EmbeddingResponse.builder()
        .embeddings(embeddings.stream().map(Embedding::from).toList())
        .modelName(polyLm.manifest().name())
        .tokenUsage(new TokenUsage(tokens, 0))
        .build();
  }

  /** Returns the hidden size of the model that answers if a request names none. */
  @Override
  protected Integer knownDimension() {
    return models.ask(null, PolyLm::embeddingSize);
  }

  /** Returns the name of the model that answers if a request names none. */
  @Override
  public String modelName() {
    return models.defaultName();
  }

  @Override
  public EmbeddingRequestParameters defaultRequestParameters() {
    return defaultRequestParameters;
  }

  /** Returns the name of the model, and refuses anything else that a request sets. */
  @Override
  public Set<EmbeddingParameter<?>> supportedParameters() {
    return Set.of(EmbeddingRequestParameters.MODEL_NAME);
  }

  @Override
  public List<EmbeddingModelListener> listeners() {
    return listeners;
  }

  /** Returns OTHER, since LangChain4j has no name for PolyLM. */
  @Override
  public ModelProvider provider() {
    return ModelProvider.OTHER;
  }

  /**
   * Waits for the calls in flight, then frees the model unless others share it. A second call does
   * nothing.
   */
  @Override
  public void close() {
    models.close();
  }

  /** Collects the settings of the model. Not thread-safe. */
  public static class Builder extends PolyLmBuilder<Builder> {
    private List<EmbeddingModelListener> listeners = List.of();

    /** Creates a builder with nothing set; use {@link PolyLmEmbeddingModel#builder()} instead. */
    public Builder() {}

    /** Sets the listeners, which receive requests, responses and errors. */
    public Builder listeners(@Nullable List<EmbeddingModelListener> listeners) {
      this.listeners = listeners == null ? List.of() : List.copyOf(listeners);
      return this;
    }

    /**
     * Opens the model.
     *
     * @throws PolyLmException if the model can't be opened, or its graph gives no hidden states, as
     *     with a portable graph or one from an older exporter
     * @throws ModelNotFoundException if no model has the name that is set
     * @throws IllegalArgumentException if two places for models are set, or there are several
     *     models and no name is set
     */
    public PolyLmEmbeddingModel build() {
      return new PolyLmEmbeddingModel(this);
    }

    private LazyModels openForEmbeddings() {
      LazyModels models = open(modelName());
      try {
        models.ask(null, PolyLm::embeddingSize);
        return models;
      } catch (PolyLmException e) {
        models.close();
        throw e;
      }
    }
  }
}
