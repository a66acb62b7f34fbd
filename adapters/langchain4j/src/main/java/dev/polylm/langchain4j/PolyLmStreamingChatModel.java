package dev.polylm.langchain4j;

import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.polylm.PolyLmException;
import dev.polylm.langchain4j.spi.PolyLmStreamingChatModelBuilderFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A PolyLM in this JVM as LangChain4j's StreamingChatModel.
 *
 * <pre>{@code
 * try (PolyLmStreamingChatModel model = PolyLmStreamingChatModel.builder().build()) {
 *   model.chat(
 *       "Why is the sky blue?",
 *       dev.langchain4j.model.LambdaStreamingResponseHandler.onPartialResponse(System.out::print));
 * }
 * }</pre>
 *
 * <p>As {@link PolyLmChatModel}, with the text of an answer given piece by piece while it is made,
 * in whole characters as a reader sees them. With beams it is one piece, since it is known at the
 * end only. All calls of a handler come from one thread, which is not the caller's; a slow handler
 * delays no other request. Once its StreamingHandle is cancelled a handler hears nothing more.
 *
 * <p>Thread-safe: many threads may ask at once.
 */
public class PolyLmStreamingChatModel implements StreamingChatModel, AutoCloseable {
  private final Models models;
  private final PolyLmChatRequestParameters defaultRequestParameters;
  private final List<ChatModelListener> listeners;

  /** For proxies of frameworks, which pass every call on to a model of their own. */
  @SuppressWarnings("NullAway") // a proxy uses no field
  protected PolyLmStreamingChatModel() {
    this.models = null;
    this.defaultRequestParameters = null;
    this.listeners = null;
  }

  /** As {@link Builder#build()}. */
  protected PolyLmStreamingChatModel(Builder builder) {
    PolyLmChatRequestParameters parameters = builder.checkedParameters();
    this.models = builder.open(parameters.modelName());
    this.defaultRequestParameters = models.named(parameters);
    this.listeners = List.copyOf(builder.listeners);
  }

  /** A builder, of a factory that the class path holds where it holds one. */
  public static Builder builder() {
    return BuilderFactories.builder(PolyLmStreamingChatModelBuilderFactory.class, Builder::new);
  }

  /**
   * Begins to answer a request whose parameters are complete; callers use {@code chat}. What goes
   * wrong later the handler hears: an {@link InvalidRequestException} where the prompt is too long,
   * the order of messages is none that the model knows, or parameters are out of range or
   * contradict each other; a {@link ModelNotFoundException}; a {@link RateLimitException} where too
   * many requests wait already; a {@link PolyLmException} where the model is closed.
   *
   * @throws UnsupportedFeatureException if the request holds tools, a JSON response format, or
   *     anything but text
   */
  @Override
  public void doChat(ChatRequest chatRequest, StreamingChatResponseHandler handler) {
    Conversation conversation = Conversation.of(chatRequest);
    StreamingGeneration.start(
        models, conversation.modelName(), conversation::request, new ChatReceiver(handler));
  }

  @Override
  public PolyLmChatRequestParameters defaultRequestParameters() {
    return defaultRequestParameters;
  }

  @Override
  public List<ChatModelListener> listeners() {
    return listeners;
  }

  /** OTHER, since LangChain4j names no PolyLM. */
  @Override
  public ModelProvider provider() {
    return ModelProvider.OTHER;
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
    private List<ChatModelListener> listeners = List.of();

    /** Nothing set; {@link PolyLmStreamingChatModel#builder()} is the usual way. */
    public Builder() {}

    /** Who hears of requests, responses and errors. */
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
