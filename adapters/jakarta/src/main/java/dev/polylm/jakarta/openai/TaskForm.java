package dev.polylm.jakarta.openai;

/** What a request asks for, and the form of its answer. */
public enum TaskForm {
  /** A reply to a conversation. */
  CHAT,
  /** A reply to a conversation, in the form of the Responses API. */
  RESPONSE,
  /** Texts that continue prompts. */
  COMPLETION
}
