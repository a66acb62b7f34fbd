package dev.polylm.prompt;

import static java.util.Objects.requireNonNull;

import dev.polylm.PolyLmException;
import dev.polylm.tokenizer.TextPart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The form of prompts that a model of the family was trained on, from the model cards of
 * DAMO-NLP-MT on Hugging Face.
 *
 * <p>Each card shows a single request. For conversations this project has its own convention, as
 * close as possible to the training data: turns follow each other in the same pattern, and a system
 * text begins the first request. In the table {@code A} and {@code C} are a user's texts, {@code B}
 * is the model's text, and {@code S} is a system text:
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

  /** The text before a request. */
  final String beforeRequest;

  /** The text after a request. */
  final String afterRequest;

  /** The text before a reply of an earlier turn. */
  final String beforeReply;

  /** The text after a reply of an earlier turn. */
  final String afterReply;

  PromptForm(String beforeRequest, String afterRequest, String beforeReply, String afterReply) {
    this.beforeRequest = beforeRequest;
    this.afterRequest = afterRequest;
    this.beforeReply = beforeReply;
    this.afterReply = afterReply;
  }

  /**
   * Returns the form that a model's manifest names: {@code base}, {@code multialpaca} or {@code
   * chat}.
   *
   * @throws PolyLmException if it names no form
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
   * Returns the prompt of one request.
   *
   * @throws PolyLmException if the text is empty
   */
  public Prompt single(String text) {
    return request(text, "");
  }

  /**
   * Returns the prompt for a translation, as in the model card: {@code {text}\nTranslate this
   * sentence from {from} to {to}.}
   *
   * @throws PolyLmException if the text is empty, or the languages are the same
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
   * Returns the prompt for the next reply of a conversation. The system's messages always come
   * first; empty ones are left out. User and assistant take turns, ending with the user. If the
   * conversation begins with the assistant, for example because a chat memory dropped older
   * messages, that reply has no request before it. Consecutive messages of one role form one turn,
   * joined by a line break. A reply may be empty.
   *
   * @throws PolyLmException if there is no message, a user's message is empty, or the last message
   *     is not the user's
   */
  public Prompt chat(List<ChatMessage> messages) {
    requireNonNull(messages, "messages must not be null");
    return new Prompt(new Conversation(this).parts(messages), markers());
  }

  /**
   * Returns the prompt that continues a conversation after its last reply: the next request alone.
   *
   * @throws PolyLmException if the text is empty
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

  /**
   * Returns a prompt after which the reply itself follows. A base model writes a line break before
   * its reply; here that is part of the prompt. Use it if a constraint is on the reply.
   *
   * @param prompt a prompt of this form
   */
  public Prompt beginReply(Prompt prompt) {
    List<TextPart> parts = new ArrayList<>(prompt.parts());
    parts.add(new TextPart(beforeReply, true));
    return new Prompt(parts, prompt.markers());
  }

  private List<String> markers() {
    return this == CHAT ? ROLE_MARKERS : List.of();
  }

  /** Returns the form's name in manifests. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
