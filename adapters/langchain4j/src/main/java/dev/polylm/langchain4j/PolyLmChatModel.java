package dev.polylm.langchain4j;

import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.polylm.PolyLmException;
import dev.polylm.generation.GenerationResult;
import dev.polylm.internal.chat.CutAnswers;
import dev.polylm.internal.tool.ToolAnswer;
import dev.polylm.internal.tool.ToolUse;
import dev.polylm.langchain4j.spi.PolyLmChatModelBuilderFactory;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs a PolyLM in this JVM as LangChain4j's ChatModel.
 *
 * <pre>{@code
 * try (PolyLmChatModel model = PolyLmChatModel.builder().temperature(0.7).build()) {
 *   System.out.println(model.chat("Why is the sky blue?"));
 * }
 * }</pre>
 *
 * <p>The prompt consists of all messages of a request, in the form that the model was trained on.
 * Consecutive messages of a user are one turn. Every parameter is honoured or refused. The metadata
 * of a response are {@link PolyLmChatResponseMetadata}.
 *
 * <p>Thread-safe: many threads may call it at once. An interrupted thread gets what was generated
 * so far, JSON that is not whole as an {@link dev.polylm.constraint.UnfinishedAnswerException}.
 */
public class PolyLmChatModel implements ChatModel, AutoCloseable {
  private final LazyModels models;
  private final PolyLmChatRequestParameters defaultRequestParameters;
  private final List<ChatModelListener> listeners;

  /**
   * Creates an instance for a framework's proxy, which passes every call on to a model of its own.
   */
  @SuppressWarnings("NullAway") // a proxy uses no field
  protected PolyLmChatModel() {
    this.models = null;
    this.defaultRequestParameters = null;
    this.listeners = null;
  }

  /** Creates what {@link Builder#build()} returns. */
  protected PolyLmChatModel(Builder builder) {
    PolyLmChatRequestParameters parameters = builder.checkedParameters();
    this.models = builder.open(parameters.modelName());
    this.defaultRequestParameters = models.named(parameters);
    this.listeners = List.copyOf(builder.listeners);
  }

  /**
   * Returns a new builder. If the class path holds a factory for builders, the factory makes it.
   */
  public static Builder builder() {
    return BuilderFactories.builder(PolyLmChatModelBuilderFactory.class, Builder::new);
  }

  /**
   * Answers a request whose parameters are complete. Applications call {@code chat} instead.
   *
   * @throws UnsupportedFeatureException if a message holds anything but text and calls of tools
   * @throws ModelNotFoundException if no model has the name that the request asks for
   * @throws InvalidRequestException if the prompt is too long, the model's form does not allow the
   *     order of messages, parameters are out of range or contradict each other, or a schema can't
   *     be enforced
   * @throws RateLimitException if too many requests wait already
   * @throws PolyLmException if the model is closed
   * @throws dev.polylm.constraint.UnfinishedAnswerException if the response format is JSON and the
   *     answer is cut before its JSON is complete, or {@link #closeNow} ends the call
   */
  @Override
  public ChatResponse doChat(ChatRequest chatRequest) {
    CheckedRequest checked = CheckedRequest.of(chatRequest);
    return models.ask(
        checked.modelName(),
        polyLm -> {
          GenerationResult result =
              CutAnswers.checked(
                  Refusals.translating(() -> polyLm.generate(checked.request(polyLm))));
          ToolUse tools = checked.form().tools();
          ToolAnswer parts = tools == null ? null : ToolAnswer.of(tools, result.text());
          checked.form().checkWhole(result, parts);
          return Answers.chatResponse(polyLm, result, parts);
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

    /** Creates a builder with nothing set; use {@link PolyLmChatModel#builder()} instead. */
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
    public PolyLmChatModel build() {
      return new PolyLmChatModel(this);
    }
  }
}
