package dev.polylm.chat;

import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GenerationResult;
import dev.polylm.prompt.ChatMessage;
import java.util.List;

/**
 * A reply in a conversation.
 *
 * @param result how it was generated: ids, counts, timings
 * @param dropped the oldest messages, which did not fit into the model's context any more and are
 *     no part of the conversation from this turn on; mostly none
 */
public record ChatReply(GenerationResult result, List<ChatMessage> dropped) {

  public ChatReply {
    dropped = List.copyOf(dropped);
  }

  /** What the model said. */
  public String text() {
    return result.text();
  }

  /** Why it ended. */
  public FinishReason finishReason() {
    return result.sequences().get(0).finishReason();
  }
}
