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
 * @param role the speaker
 * @param text the text of the message; special tokens and role markers in it are plain text
 */
public record ChatMessage(Role role, String text) {

  /** Checks that neither part is null. */
  public ChatMessage {
    requireNonNull(role, "role must not be null");
    requireNonNull(text, "text must not be null");
  }

  /** Returns instructions for the whole conversation. */
  public static ChatMessage system(String text) {
    return new ChatMessage(Role.SYSTEM, text);
  }

  /** Returns a message of the user, which the model answers. */
  public static ChatMessage user(String text) {
    return new ChatMessage(Role.USER, text);
  }

  /** Returns a reply of the model. */
  public static ChatMessage assistant(String text) {
    return new ChatMessage(Role.ASSISTANT, text);
  }
}
