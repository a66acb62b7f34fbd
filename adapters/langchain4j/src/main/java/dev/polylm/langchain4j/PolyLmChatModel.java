package dev.polylm.langchain4j;

import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.polylm.PolyLmException;
import dev.polylm.generation.GenerationResult;
import dev.polylm.langchain4j.spi.PolyLmChatModelBuilderFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A PolyLM in this JVM as LangChain4j's ChatModel.
 *
 * <pre>{@code
 * try (PolyLmChatModel model = PolyLmChatModel.builder().temperature(0.7).build()) {
 *   System.out.println(model.chat("Why is the sky blue?"));
 * }
 * }</pre>
 *
 * <p>All messages of a request are the prompt, in the form that the model was trained on; messages
 * of a user that follow each other are one turn. Every parameter is honoured or refused. The
 * metadata of a response are {@link PolyLmChatResponseMetadata}.
 *
 * <p>Thread-safe: many threads may ask at once. A thread that is interrupted gets what was
 * generated so far.
 */
public class PolyLmChatModel implements ChatModel, AutoCloseable {
  private final Models models;
  private final PolyLmChatRequestParameters defaultRequestParameters;
  private final List<ChatModelListener> listeners;

  /** For proxies of frameworks, which pass every call on to a model of their own. */
  @SuppressWarnings("NullAway") // a proxy uses no field
  protected PolyLmChatModel() {
    this.models = null;
    this.defaultRequestParameters = null;
    this.listeners = null;
  }

  /** As {@link Builder#build()}. */
  protected PolyLmChatModel(Builder builder) {
    PolyLmChatRequestParameters parameters = builder.checkedParameters();
    this.models = builder.open(parameters.modelName());
    this.defaultRequestParameters = models.named(parameters);
    this.listeners = List.copyOf(builder.listeners);
  }

  /** A builder, of a factory that the class path holds where it holds one. */
  public static Builder builder() {
    return BuilderFactories.builder(PolyLmChatModelBuilderFactory.class, Builder::new);
  }

  /**
   * Answers a request whose parameters are complete; callers use {@code chat}.
   *
   * @throws UnsupportedFeatureException if the request holds tools, a JSON response format, or
   *     anything but text
   * @throws ModelNotFoundException if no model has the name that the request asks for
   * @throws InvalidRequestException if the prompt is too long, the order of messages is none that
   *     the model knows, or parameters are out of range or contradict each other
   * @throws RateLimitException if too many requests wait already
   * @throws PolyLmException if the model is closed
   */
  @Override
  public ChatResponse doChat(ChatRequest chatRequest) {
    Conversation conversation = Conversation.of(chatRequest);
    return models.ask(
        conversation.modelName(),
        polyLm -> {
          GenerationResult result =
              Refusals.translating(() -> polyLm.generate(conversation.request(polyLm)));
          return Answers.chatResponse(polyLm, result);
        });
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

    /** Nothing set; {@link PolyLmChatModel#builder()} is the usual way. */
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
    public PolyLmChatModel build() {
      return new PolyLmChatModel(this);
    }
  }
}
