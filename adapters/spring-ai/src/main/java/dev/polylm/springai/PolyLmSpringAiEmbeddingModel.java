package dev.polylm.springai;

import static java.util.Objects.requireNonNull;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.embedding.EmbeddingResponseMetadata;
import org.springframework.ai.embedding.observation.DefaultEmbeddingModelObservationConvention;
import org.springframework.ai.embedding.observation.EmbeddingModelObservationContext;
import org.springframework.ai.embedding.observation.EmbeddingModelObservationConvention;
import org.springframework.ai.embedding.observation.EmbeddingModelObservationDocumentation;

/**
 * Runs a PolyLM in this JVM as Spring AI's EmbeddingModel. An embedding is the mean of the model's
 * last hidden states over a text's tokens, scaled to length 1; see {@link PolyLm#embed(List)}.
 *
 * <pre>{@code
 * PolyLmSpringAiEmbeddingModel model =
 *     PolyLmSpringAiEmbeddingModel.builder().polyLm(polyLm).build();
 * float[] vector = model.embed("Beijing is the capital of China.");
 * }</pre>
 *
 * <p>A number of dimensions is refused unless it is the model's. This class does not close the
 * PolyLm. Thread-safe.
 */
public final class PolyLmSpringAiEmbeddingModel implements EmbeddingModel {
  private static final EmbeddingModelObservationConvention CONVENTION =
      new DefaultEmbeddingModelObservationConvention();

  private final Supplier<PolyLm> polyLm;
  private final ObservationRegistry observationRegistry;
  private final EmbeddingModelObservationConvention observationConvention;

  private PolyLmSpringAiEmbeddingModel(Builder builder) {
    this.polyLm = requireNonNull(builder.polyLm, "polyLm must be set");
    this.observationRegistry = builder.observationRegistry;
    this.observationConvention = builder.observationConvention;
  }

  /** Returns a new builder. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Embeds texts.
   *
   * @throws PolyLmException if the options ask for another model or other dimensions, or as {@link
   *     PolyLm#embed(List)}
   */
  @Override
  public EmbeddingResponse call(EmbeddingRequest request) {
    PolyLm model = polyLm.get();
    check(request.getOptions(), model);
    EmbeddingModelObservationContext context =
        EmbeddingModelObservationContext.builder()
            .embeddingRequest(new EmbeddingRequest(request.getInstructions(), served(model)))
            .provider(PolyLmSpringAiChatModel.PROVIDER)
            .build();
    return requireNonNull(
        EmbeddingModelObservationDocumentation.EMBEDDING_MODEL_OPERATION
            .observation(observationConvention, CONVENTION, () -> context, observationRegistry)
            .observe(
                () -> {
                  EmbeddingResponse response = response(model, request.getInstructions());
                  context.setResponse(response);
                  return response;
                }));
  }

  private static EmbeddingOptions served(PolyLm model) {
    return EmbeddingOptions.builder().model(model.manifest().name()).build();
  }

  private static void check(@Nullable EmbeddingOptions options, PolyLm model) {
    if (options == null) {
      return;
    }
    String served = model.manifest().name();
    if (options.getModel() != null && !options.getModel().equals(served)) {
      throw new PolyLmException(
          "model \"%s\" is unknown, expected %s".formatted(options.getModel(), served));
    }
    Integer dimensions = options.getDimensions();
    if (dimensions != null && dimensions != model.embeddingSize()) {
      throw new PolyLmException(
          "dimensions is %s, must be %s, as the model has them"
              .formatted(dimensions, model.embeddingSize()));
    }
  }

  private static EmbeddingResponse response(PolyLm model, List<String> texts) {
    List<float[]> vectors = model.embed(texts);
    int tokens =
        texts.stream().mapToInt(text -> model.tokenizer().encodePrompt(text, false).length).sum();
    return new EmbeddingResponse(
        IntStream.range(0, vectors.size()).mapToObj(i -> new Embedding(vectors.get(i), i)).toList(),
        new EmbeddingResponseMetadata(model.manifest().name(), new DefaultUsage(tokens, 0)));
  }

  /**
   * Embeds the text of a document.
   *
   * @throws PolyLmException if it has none
   */
  @Override
  public float[] embed(Document document) {
    String text = getEmbeddingContent(document);
    if (text == null) {
      throw new PolyLmException("document %s has no text".formatted(document.getId()));
    }
    return embed(text);
  }

  /** Returns the model's hidden size. */
  @Override
  public int dimensions() {
    return polyLm.get().embeddingSize();
  }

  /** Collects the parts of the model. Not thread-safe. */
  public static final class Builder {
    private @Nullable Supplier<PolyLm> polyLm;
    private ObservationRegistry observationRegistry = ObservationRegistry.NOOP;
    private EmbeddingModelObservationConvention observationConvention = CONVENTION;

    private Builder() {}

    /** Sets the model, which may have other users. */
    public Builder polyLm(PolyLm polyLm) {
      requireNonNull(polyLm, "polyLm must not be null");
      return polyLm(() -> polyLm);
    }

    /** Sets what gives the model. Each call asks it. */
    public Builder polyLm(Supplier<PolyLm> polyLm) {
      this.polyLm = polyLm;
      return this;
    }

    /** Sets where calls are observed; nowhere by default. */
    public Builder observationRegistry(ObservationRegistry observationRegistry) {
      this.observationRegistry = observationRegistry;
      return this;
    }

    /** Sets how observations are named; Spring AI's convention by default. */
    public Builder observationConvention(
        EmbeddingModelObservationConvention observationConvention) {
      this.observationConvention = observationConvention;
      return this;
    }

    /**
     * Builds the model.
     *
     * @throws NullPointerException if no PolyLm is set
     */
    public PolyLmSpringAiEmbeddingModel build() {
      return new PolyLmSpringAiEmbeddingModel(this);
    }
  }
}
