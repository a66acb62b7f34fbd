package dev.polylm.jakarta.openai;

import dev.polylm.prompt.PromptForm;

/**
 * The text of an answer, piece by piece. The base form puts a line break between the turns of a
 * conversation, and the model writes that line break itself. It is not part of the reply, and a
 * client that sends the reply back must not send it.
 */
final class ReplyText {
  private boolean mayDrop;

  ReplyText(Task task) {
    this.mayDrop = task.chat() && task.polyLm().promptForm() == PromptForm.BASE;
  }

  /** Returns what is left of a piece, which may be empty. */
  String accept(String piece) {
    if (!mayDrop || piece.isEmpty()) {
      return piece;
    }
    mayDrop = false;
    return piece.startsWith("\n") ? piece.substring(1) : piece;
  }
}
