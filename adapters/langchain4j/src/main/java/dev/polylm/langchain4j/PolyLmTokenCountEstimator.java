package dev.polylm.langchain4j;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.TokenCountEstimator;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.internal.prompt.PromptEncoder;
import dev.polylm.langchain4j.spi.PolyLmTokenCountEstimatorBuilderFactory;
import dev.polylm.prompt.Role;
import java.util.List;

/**
 * Counts a model's tokens. Of a text it is the exact number. Of a message it is what the message
 * adds to a prompt, the form's own tokens included; of messages it is the sum. A token that spans
 * the border of two messages makes the prompt shorter by one.
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

  private final Models models;

  /** For proxies of frameworks, which pass every call on to an estimator of their own. */
  @SuppressWarnings("NullAway") // a proxy uses no field
  protected PolyLmTokenCountEstimator() {
    this.models = null;
  }

  /** As {@link Builder#build()}. */
  protected PolyLmTokenCountEstimator(Builder builder) {
    this.models = builder.open(builder.modelName());
  }

  /** A builder, of a factory that the class path holds where it holds one. */
  public static Builder builder() {
    return BuilderFactories.builder(PolyLmTokenCountEstimatorBuilderFactory.class, Builder::new);
  }

  @Override
  public int estimateTokenCountInText(String text) {
    return models.ask(null, polyLm -> polyLm.tokenizer().encode(text).length);
  }

  /**
   * The tokens that a message adds to a prompt.
   *
   * @throws UnsupportedFeatureException if it holds anything but text
   * @throws InvalidRequestException if its text is empty
   */
  @Override
  public int estimateTokenCountInMessage(ChatMessage message) {
    dev.polylm.prompt.ChatMessage own = ChatPrompts.message(message);
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

  /** The length of a conversation with the message, less that of the same without it. */
  private static int count(PolyLm polyLm, dev.polylm.prompt.ChatMessage message) {
    if (message.role() == Role.USER) {
      return length(polyLm, message);
    }
    if (message.role() == Role.SYSTEM) {
      return length(polyLm, message, REQUEST) - length(polyLm, REQUEST);
    }
    return length(polyLm, REQUEST, message, REQUEST) - 2 * length(polyLm, REQUEST);
  }

  private static int length(PolyLm polyLm, dev.polylm.prompt.ChatMessage... messages) {
    return PromptEncoder.encode(
            ChatPrompts.prompt(polyLm.promptForm(), List.of(messages)), polyLm.tokenizer())
        .length;
  }

  /** Waits for the calls in flight, then frees the model unless others share it; idempotent. */
  @Override
  public void close() {
    models.close();
  }

  /** Collects whose tokens are counted. Not thread-safe. */
  public static class Builder extends PolyLmBuilder<Builder> {
    /** Nothing set; {@link PolyLmTokenCountEstimator#builder()} is the usual way. */
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
