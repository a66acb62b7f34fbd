package dev.polylm.prompt;

import static java.util.Objects.requireNonNull;

/**
 * One message of a conversation.
 *
 * <pre>{@code
 * List<ChatMessage> messages =
 *     List.of(ChatMessage.system("Answer briefly."), ChatMessage.user("Why is the sky blue?"));
 * String reply = polyLm.generate(messages);
 * }</pre>
 *
 * @param role who says it
 * @param text what is said; special tokens and role markers in it are plain text
 */
public record ChatMessage(Role role, String text) {

  /** Refuses null. */
  public ChatMessage {
    requireNonNull(role, "role must not be null");
    requireNonNull(text, "text must not be null");
  }

  /** Returns instructions for the whole conversation. */
  public static ChatMessage system(String text) {
    return new ChatMessage(Role.SYSTEM, text);
  }

  /** Returns a message that the model is to answer. */
  public static ChatMessage user(String text) {
    return new ChatMessage(Role.USER, text);
  }

  /** Returns a message that the model gave. */
  public static ChatMessage assistant(String text) {
    return new ChatMessage(Role.ASSISTANT, text);
  }
}
