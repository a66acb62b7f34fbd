package dev.polylm.prompt;

/**
 * One thing said in a conversation.
 *
 * @param text never trusted: special tokens and role markers in it are plain text
 */
public record ChatMessage(Role role, String text) {
  /** Instructions for the whole conversation. */
  public static ChatMessage system(String text) {
    return new ChatMessage(Role.SYSTEM, text);
  }

  /** What the model is to answer. */
  public static ChatMessage user(String text) {
    return new ChatMessage(Role.USER, text);
  }

  /** What the model answered. */
  public static ChatMessage assistant(String text) {
    return new ChatMessage(Role.ASSISTANT, text);
  }
}
