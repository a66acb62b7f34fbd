package dev.polylm.jakarta.openai;

import dev.polylm.prompt.PromptForm;

/**
 * The text of an answer, piece by piece. In a conversation of the base form a line break stands
 * between the turns, which the model gives itself: it is no part of the reply, just as a client
 * that sends the reply back is not to send it.
 */
final class ReplyText {
  private boolean mayDrop;

  ReplyText(Task task) {
    this.mayDrop = task.chat() && task.polyLm().promptForm() == PromptForm.BASE;
  }

  /** What is left of a piece, perhaps nothing. */
  String accept(String piece) {
    if (!mayDrop || piece.isEmpty()) {
      return piece;
    }
    mayDrop = false;
    return piece.startsWith("\n") ? piece.substring(1) : piece;
  }
}
