package dev.polylm.internal.chat;

import dev.polylm.prompt.PromptForm;

/**
 * The text of a reply, piece by piece. In the base form a line break stands between the turns, and
 * the model writes it itself before its reply. That line break is not part of the reply.
 */
public final class ReplyText {
  private boolean mayDrop;

  /**
   * Begins a reply.
   *
   * @param form the form of the prompt that is replied to
   */
  public ReplyText(PromptForm form) {
    this.mayDrop = form == PromptForm.BASE;
  }

  /** Returns what is left of the next piece, perhaps nothing. */
  public String accept(String piece) {
    if (!mayDrop || piece.isEmpty()) {
      return piece;
    }
    mayDrop = false;
    return piece.startsWith("\n") ? piece.substring(1) : piece;
  }
}
