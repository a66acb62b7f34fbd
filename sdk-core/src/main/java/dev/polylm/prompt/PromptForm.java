package dev.polylm.prompt;

import static java.util.Objects.requireNonNull;

import dev.polylm.PolyLmException;
import dev.polylm.tokenizer.TextPart;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How a model of the family was taught to read a prompt, as the model cards of DAMO-NLP-MT on
 * Hugging Face say.
 *
 * <p>The cards show one request each. What goes beyond is this project's convention, the closest to
 * what the model saw: turns follow each other as their parts do, and a system text is the beginning
 * of the first request. With {@code A} and {@code C} a user's texts, {@code B} the model's and
 * {@code S} a system text:
 *
 * <table>
 * <caption>Prompts by form</caption>
 * <tr><th>form</th><th>A (the card)</th><th>A, B, C</th><th>S, A</th></tr>
 * <tr><td>{@link #BASE}</td><td>{@code A}</td><td>{@code A\nB\nC}</td><td>{@code S\nA}</td></tr>
 * <tr><td>{@link #MULTIALPACA}</td><td>{@code A\n\n}</td><td>{@code A\n\nB\n\nC\n\n}</td><td>{@code
 * S\nA\n\n}</td></tr>
 * <tr><td>{@link #CHAT}</td><td>{@code <|user|>\nA\n<|assistant|>\n}</td><td>{@code
 * <|user|>\nA\n<|assistant|>\nB\n<|user|>\nC\n<|assistant|>\n}</td><td>{@code
 * <|user|>\nS\nA\n<|assistant|>\n}</td></tr>
 * </table>
 */
public enum PromptForm {
  /** polylm-1.7b and polylm-13b: the text itself. */
  BASE("", "", "\n", "\n"),

  /** polylm-multialpaca-13b. */
  MULTIALPACA("", "\n\n", "", "\n\n"),

  /** polylm-chat-13b. */
  CHAT("<|user|>\n", "\n<|assistant|>\n", "", "\n");

  private static final List<String> ROLE_MARKERS = List.of("<|user|>", "<|assistant|>");

  /** Stands before a request. */
  final String beforeRequest;

  /** Stands after a request. */
  final String afterRequest;

  /** Stands before a reply of an earlier turn. */
  final String beforeReply;

  /** Stands after a reply of an earlier turn. */
  final String afterReply;

  PromptForm(String beforeRequest, String afterRequest, String beforeReply, String afterReply) {
    this.beforeRequest = beforeRequest;
    this.afterRequest = afterRequest;
    this.beforeReply = beforeReply;
    this.afterReply = afterReply;
  }

  /**
   * The form that a model's manifest names: {@code base}, {@code multialpaca} or {@code chat}.
   *
   * @throws PolyLmException where it is none of these
   */
  public static PromptForm of(String name) {
    for (PromptForm form : values()) {
      if (form.toString().equals(name)) {
        return form;
      }
    }
    throw new PolyLmException(
        "prompt form \"%s\" is unknown, expected one of %s"
            .formatted(
                name,
                Arrays.stream(values())
                    .map(PromptForm::toString)
                    .collect(Collectors.joining(", "))));
  }

  /**
   * The prompt of one request.
   *
   * @throws PolyLmException where the text is empty
   */
  public Prompt single(String text) {
    return request(text, "");
  }

  /**
   * The model card's request for a translation: {@code {text}\nTranslate this sentence from {from}
   * to {to}.}
   *
   * @throws PolyLmException where the text is empty, or the languages are the same
   */
  public Prompt translation(String text, Language from, Language to) {
    if (from == to) {
      throw new PolyLmException(
          "translation from %s to %s: expected two languages"
              .formatted(from.englishName(), to.englishName()));
    }
    return request(
        text,
        "\nTranslate this sentence from %s to %s.".formatted(from.englishName(), to.englishName()));
  }

  private Prompt request(String text, String instruction) {
    requireNonNull(text, "text must not be null");
    if (text.isEmpty()) {
      throw new PolyLmException("the prompt's text is empty, expected text");
    }
    return new Prompt(
        List.of(
            new TextPart(beforeRequest, true),
            new TextPart(text, false),
            new TextPart(instruction + afterRequest, true)),
        markers());
  }

  /**
   * The prompt of a conversation, for the reply that comes next. The system's messages go first,
   * wherever they stand; an empty one is left out. User and assistant take turns, ending with the
   * user. Where the assistant begins, as in the memory of a long conversation, its reply stands
   * alone. Messages of one role that follow each other are one turn: their texts are joined by a
   * line break. A reply may be empty, as the model's own may be.
   *
   * @throws PolyLmException where there is no message, a user's is empty, or the last is no user's
   */
  public Prompt chat(List<ChatMessage> messages) {
    requireNonNull(messages, "messages must not be null");
    return new Prompt(new Conversation(this).parts(messages), markers());
  }

  /**
   * The next request of a conversation whose last reply is known: what follows that reply.
   *
   * @throws PolyLmException where the text is empty
   */
  public Prompt nextTurn(String text) {
    requireNonNull(text, "text must not be null");
    if (text.isEmpty()) {
      throw new PolyLmException("the message is empty, expected text");
    }
    return new Prompt(
        List.of(
            new TextPart(afterReply + beforeRequest, true),
            new TextPart(text, false),
            new TextPart(afterRequest, true)),
        markers());
  }

  private List<String> markers() {
    return this == CHAT ? ROLE_MARKERS : List.of();
  }

  /** The name that a model's manifest has. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
