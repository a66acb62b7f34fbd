package dev.polylm.internal.chat;

import dev.polylm.PolyLmException;
import dev.polylm.prompt.ChatMessage;
import dev.polylm.prompt.Prompt;
import dev.polylm.prompt.PromptForm;
import dev.polylm.tokenizer.TextPart;
import java.util.ArrayList;
import java.util.List;

/** Makes prompts whose answers are only the text of a reply. */
public final class ReplyPrompts {
  private ReplyPrompts() {}

  /**
   * Returns the prompt of a conversation.
   *
   * <p>A base model begins its answer with a line break, since one stands between request and reply
   * in its form. That line break is made part of the prompt. So a reply contains only text, and a
   * stop string of a line break ends the reply after its first line.
   *
   * @throws PolyLmException if the messages are not in the order that the form requires
   */
  public static Prompt of(PromptForm form, List<ChatMessage> messages) {
    Prompt prompt = form.chat(messages);
    if (form != PromptForm.BASE) {
      return prompt;
    }
    List<TextPart> parts = new ArrayList<>(prompt.parts());
    parts.add(new TextPart("\n", true));
    return new Prompt(parts, prompt.markers());
  }
}
