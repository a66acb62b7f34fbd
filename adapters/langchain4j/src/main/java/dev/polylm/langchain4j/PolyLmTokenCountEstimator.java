package dev.polylm.langchain4j;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.TokenCountEstimator;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.internal.chat.ReplyPrompts;
import dev.polylm.internal.prompt.PromptEncoder;
import dev.polylm.langchain4j.spi.PolyLmTokenCountEstimatorBuilderFactory;
import dev.polylm.prompt.Role;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts a model's tokens. For a text it returns the exact number. For a message it returns what
 * the message adds to a prompt, including the form's own tokens. For several messages it returns
 * the sum. A token that spans the border of two messages makes the prompt one token shorter than
 * the sum.
 *
 * <pre>{@code
 * try (PolyLmTokenCountEstimator estimator = PolyLmTokenCountEstimator.builder().build()) {
 *   System.out.println(estimator.estimateTokenCountInText("Hello"));
 * }
 * }</pre>
 *
 * <p>Thread-safe.
 */
public class PolyLmTokenCountEstimator implements TokenCountEstimator, AutoCloseable {
  private static final dev.polylm.prompt.ChatMessage REQUEST =
      dev.polylm.prompt.ChatMessage.user("a");

  private final LazyModels models;

  /**
   * Creates an instance for a framework's proxy, which passes every call on to an estimator of its
   * own.
   */
  @SuppressWarnings("NullAway") // a proxy uses no field
  protected PolyLmTokenCountEstimator() {
    this.models = null;
  }

  /** Creates what {@link Builder#build()} returns. */
  protected PolyLmTokenCountEstimator(Builder builder) {
    this.models = builder.open(builder.modelName());
  }

  /**
   * Returns a new builder. If the class path holds a factory for builders, the factory makes it.
   */
  public static Builder builder() {
    return BuilderFactories.builder(PolyLmTokenCountEstimatorBuilderFactory.class, Builder::new);
  }

  @Override
  public int estimateTokenCountInText(String text) {
    return models.ask(null, polyLm -> polyLm.tokenizer().encode(text).length);
  }

  /**
   * Returns how many tokens a message adds to a prompt.
   *
   * @throws UnsupportedFeatureException if it holds anything but text
   * @throws InvalidRequestException if its text is empty
   */
  @Override
  public int estimateTokenCountInMessage(ChatMessage message) {
    List<dev.polylm.prompt.ChatMessage> own = ChatPrompts.messages(List.of(message), null);
    return models.ask(null, polyLm -> Refusals.translating(() -> count(polyLm, own)));
  }

  @Override
  public int estimateTokenCountInMessages(Iterable<ChatMessage> messages) {
    int sum = 0;
    for (ChatMessage message : messages) {
      sum += estimateTokenCountInMessage(message);
    }
    return sum;
  }

  /** Returns the length of a conversation with the message, less its length without the message. */
  private static int count(PolyLm polyLm, List<dev.polylm.prompt.ChatMessage> message) {
    Role role = message.get(0).role();
    if (role == Role.USER) {
      return length(polyLm, message);
    }
    int request = length(polyLm, List.of(REQUEST));
    List<dev.polylm.prompt.ChatMessage> conversation = new ArrayList<>(message);
    conversation.add(REQUEST);
    if (role == Role.SYSTEM) {
      return length(polyLm, conversation) - request;
    }
    conversation.add(0, REQUEST);
    return length(polyLm, conversation) - 2 * request;
  }

  private static int length(PolyLm polyLm, List<dev.polylm.prompt.ChatMessage> messages) {
    return PromptEncoder.encode(ReplyPrompts.of(polyLm.promptForm(), messages), polyLm.tokenizer())
        .length;
  }

  /**
   * Waits for the calls in flight, then frees the model unless others share it. A second call does
   * nothing.
   */
  @Override
  public void close() {
    models.close();
  }

  /** Collects the settings of the estimator. Not thread-safe. */
  public static class Builder extends PolyLmBuilder<Builder> {
    /**
     * Creates a builder with nothing set; use {@link PolyLmTokenCountEstimator#builder()} instead.
     */
    public Builder() {}

    /**
     * Opens the model.
     *
     * @throws PolyLmException if the model can't be opened
     * @throws ModelNotFoundException if no model has the name that is set
     * @throws IllegalArgumentException if two places for models are set, or there are several
     *     models and no name is set
     */
    public PolyLmTokenCountEstimator build() {
      return new PolyLmTokenCountEstimator(this);
    }
  }
}
