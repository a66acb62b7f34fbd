package dev.polylm.langchain4j;

import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.polylm.PolyLmException;
import dev.polylm.langchain4j.spi.PolyLmStreamingChatModelBuilderFactory;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs a PolyLM in this JVM as LangChain4j's StreamingChatModel.
 *
 * <pre>{@code
 * try (PolyLmStreamingChatModel model = PolyLmStreamingChatModel.builder().build()) {
 *   model.chat(
 *       "Why is the sky blue?",
 *       dev.langchain4j.model.LambdaStreamingResponseHandler.onPartialResponse(System.out::print));
 * }
 * }</pre>
 *
 * <p>It works like {@link PolyLmChatModel}, but delivers the text of an answer piece by piece while
 * the model generates it. A piece holds whole characters, as a reader sees them. With beams the
 * text is one piece, since it is known only at the end. All calls of a handler come from one
 * thread, which is not the caller's. A slow handler delays no other request. Once its
 * StreamingHandle is cancelled, a handler gets no more calls.
 *
 * <p>Thread-safe: many threads may call it at once.
 */
public class PolyLmStreamingChatModel implements StreamingChatModel, AutoCloseable {
  private final LazyModels models;
  private final PolyLmChatRequestParameters defaultRequestParameters;
  private final List<ChatModelListener> listeners;

  /**
   * Creates an instance for a framework's proxy, which passes every call on to a model of its own.
   */
  @SuppressWarnings("NullAway") // a proxy uses no field
  protected PolyLmStreamingChatModel() {
    this.models = null;
    this.defaultRequestParameters = null;
    this.listeners = null;
  }

  /** Creates what {@link Builder#build()} returns. */
  protected PolyLmStreamingChatModel(Builder builder) {
    PolyLmChatRequestParameters parameters = builder.checkedParameters();
    this.models = builder.open(parameters.modelName());
    this.defaultRequestParameters = models.named(parameters);
    this.listeners = List.copyOf(builder.listeners);
  }

  /**
   * Returns a new builder. If the class path holds a factory for builders, the factory makes it.
   */
  public static Builder builder() {
    return BuilderFactories.builder(PolyLmStreamingChatModelBuilderFactory.class, Builder::new);
  }

  /**
   * Begins to answer a request whose parameters are complete. Applications call {@code chat}
   * instead. The handler gets later errors: an {@link InvalidRequestException} if the prompt is too
   * long, the model's form does not allow the order of messages, or parameters are out of range or
   * contradict each other; a {@link ModelNotFoundException}; a {@link RateLimitException} if too
   * many requests wait already; a {@link PolyLmException} if the model is closed.
   *
   * @throws UnsupportedFeatureException if a message holds anything but text and calls of tools
   * @throws InvalidRequestException if a schema can't be enforced
   */
  @Override
  public void doChat(ChatRequest chatRequest, StreamingChatResponseHandler handler) {
    CheckedRequest checked = CheckedRequest.of(chatRequest);
    StreamingGeneration.start(
        models,
        checked.modelName(),
        checked::request,
        ChatReceiver.of(handler, checked.form().tools()));
  }

  @Override
  public PolyLmChatRequestParameters defaultRequestParameters() {
    return defaultRequestParameters;
  }

  @Override
  public List<ChatModelListener> listeners() {
    return listeners;
  }

  /** Returns that a schema of the response is enforced. */
  @Override
  public Set<Capability> supportedCapabilities() {
    return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
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

  /**
   * Closes like {@link #close()}, but ends the calls in flight at once. They fail with an {@link
   * dev.polylm.constraint.UnfinishedAnswerException}, which has the text so far.
   */
  public void closeNow() {
    models.closeNow();
  }

  /** Collects the settings of the model. Not thread-safe. */
  public static class Builder extends PolyLmGenerationBuilder<Builder> {
    private List<ChatModelListener> listeners = List.of();

    /**
     * Creates a builder with nothing set; use {@link PolyLmStreamingChatModel#builder()} instead.
     */
    public Builder() {}

    /** Sets the listeners, which receive requests, responses and errors. */
    public Builder listeners(@Nullable List<ChatModelListener> listeners) {
      this.listeners = listeners == null ? List.of() : List.copyOf(listeners);
      return this;
    }

    /**
     * Opens the model.
     *
     * @throws PolyLmException if the model can't be opened, or a parameter is out of range
     * @throws ModelNotFoundException if no model has the name that is set
     * @throws UnsupportedFeatureException if the default parameters ask for what PolyLM can't do
     * @throws IllegalArgumentException if two places for models are set, or there are several
     *     models and no name is set
     */
    public PolyLmStreamingChatModel build() {
      return new PolyLmStreamingChatModel(this);
    }
  }
}
