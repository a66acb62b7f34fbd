package dev.polylm.prompt;

import dev.polylm.PolyLmException;
import dev.polylm.tokenizer.TextPart;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Writes a conversation in one prompt form. Each call makes a new one. */
final class Conversation {
  /** Separates the texts of one turn. The system's text begins the first turn. */
  private static final String LINE_BREAK = "\n";

  private final PromptForm form;
  private final List<TextPart> parts = new ArrayList<>();

  Conversation(PromptForm form) {
    this.form = form;
  }

  List<TextPart> parts(List<ChatMessage> said) {
    check(said);
    List<ChatMessage> messages = systemFirst(said);
    add(messages.get(0).role() == Role.ASSISTANT ? beforeFirstReply() : form.beforeRequest);
    for (int i = 0; i < messages.size(); i++) {
      ChatMessage message = messages.get(i);
      if (i > 0) {
        add(between(messages.get(i - 1).role(), message.role()));
      }
      parts.add(new TextPart(message.text(), false));
    }
    add(form.afterRequest);
    return parts;
  }

  /** Returns the messages with the system's texts first, without empty system texts. */
  private static List<ChatMessage> systemFirst(List<ChatMessage> said) {
    List<ChatMessage> messages = new ArrayList<>(said);
    messages.removeIf(message -> message.role() == Role.SYSTEM && message.text().isEmpty());
    messages.sort(Comparator.comparing(message -> message.role() != Role.SYSTEM));
    return messages;
  }

  private void add(String text) {
    parts.add(new TextPart(text, true));
  }

  /** Returns the text between a request and its reply, without the end of the request. */
  private String beforeFirstReply() {
    return (form.afterRequest + form.beforeReply).stripLeading();
  }

  private String between(Role before, Role after) {
    if (before != Role.ASSISTANT && after == Role.ASSISTANT) {
      return form.afterRequest + form.beforeReply;
    }
    if (before == Role.ASSISTANT && after == Role.USER) {
      return form.afterReply + form.beforeRequest;
    }
    return LINE_BREAK;
  }

  private static void check(List<ChatMessage> messages) {
    if (messages.isEmpty()) {
      throw new PolyLmException(
          "the conversation has no message, expected a user's message at its end");
    }
    int last = messages.size() - 1;
    for (int i = 0; i < messages.size(); i++) {
      Role role = messages.get(i).role();
      if (role == Role.USER && messages.get(i).text().isEmpty()) {
        throw new PolyLmException("message %s (%s) is empty, expected text".formatted(i, role));
      }
      if (role != Role.SYSTEM) {
        last = i;
      }
    }
    if (messages.get(last).role() != Role.USER) {
      throw new PolyLmException(
          "message %s, the last, is the %s's, expected the user's"
              .formatted(last, messages.get(last).role()));
    }
  }
}
