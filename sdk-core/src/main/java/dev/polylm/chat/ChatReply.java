package dev.polylm.chat;

import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GenerationResult;
import dev.polylm.prompt.ChatMessage;
import java.util.List;

/**
 * A reply in a conversation.
 *
 * <pre>{@code
 * ChatReply reply = polyLm.chat().reply("Why is the sky blue?");
 * System.out.println(reply.text());
 * if (reply.finishReason() == FinishReason.LENGTH) {
 *   System.out.println("(cut after " + reply.result().newTokens() + " tokens)");
 * }
 * }</pre>
 *
 * @param text the text of the reply, without the line break that a base model writes before it
 * @param result how the reply was generated: ids, counts, timings
 * @param dropped the oldest messages, which this turn dropped because they no longer fit into the
 *     model's context; usually none
 */
public record ChatReply(String text, GenerationResult result, List<ChatMessage> dropped) {

  /** Copies the list of dropped messages. */
  public ChatReply {
    dropped = List.copyOf(dropped);
  }

  /** Returns why the reply ended. */
  public FinishReason finishReason() {
    return result.sequences().get(0).finishReason();
  }
}
