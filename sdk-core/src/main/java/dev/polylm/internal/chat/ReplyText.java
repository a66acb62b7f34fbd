package dev.polylm.internal.chat;

import dev.polylm.prompt.PromptForm;
import org.jspecify.annotations.Nullable;

/**
 * The text of a reply, piece by piece. In the base form a line break separates the turns, and the
 * model writes it before its reply. That line break is not part of the reply.
 */
public final class ReplyText {
  private boolean mayDrop;

  /**
   * Begins a reply whose first line break, if its form has one, is the model's.
   *
   * @param form the form of the prompt, null if the text is not a reply
   */
  public ReplyText(@Nullable PromptForm form) {
    this(form, true);
  }

  /**
   * Begins a reply.
   *
   * @param begins whether the model writes the line break; if not, it is part of the prompt
   */
  ReplyText(@Nullable PromptForm form, boolean begins) {
    this.mayDrop = begins && form == PromptForm.BASE;
  }

  /** Returns the part of the next piece that belongs to the reply, which may be empty. */
  public String accept(String piece) {
    if (!mayDrop || piece.isEmpty()) {
      return piece;
    }
    mayDrop = false;
    return piece.startsWith("\n") ? piece.substring(1) : piece;
  }
}
