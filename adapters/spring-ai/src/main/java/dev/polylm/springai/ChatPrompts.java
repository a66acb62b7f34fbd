package dev.polylm.springai;

import dev.polylm.PolyLmException;
import dev.polylm.internal.tool.ToolCall;
import dev.polylm.internal.tool.ToolUse;
import dev.polylm.prompt.ChatMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage.ToolResponse;
import org.springframework.ai.chat.messages.UserMessage;

/** Turns Spring AI's messages into the SDK's. */
final class ChatPrompts {
  private ChatPrompts() {}

  /**
   * Returns Spring AI's messages as the SDK's.
   *
   * @param use the tools that the prompt offers, or null for none
   * @throws PolyLmException if one holds more than text and calls of tools
   */
  static List<ChatMessage> messages(List<Message> messages, @Nullable ToolUse use) {
    Map<String, String> arguments = new HashMap<>();
    List<ChatMessage> result = new ArrayList<>();
    for (Message message : messages) {
      if (message instanceof AssistantMessage assistant) {
        assistant.getToolCalls().forEach(call -> arguments.put(call.id(), call.arguments()));
        result.addAll(reply(assistant, use));
      } else if (message instanceof ToolResponseMessage returned) {
        for (ToolResponse response : returned.getResponses()) {
          result.add(
              ToolUse.result(
                  response.name(), arguments.get(response.id()), response.responseData()));
        }
      } else {
        result.add(said(message));
      }
    }
    return use == null ? result : use.describe(result);
  }

  private static List<ChatMessage> reply(AssistantMessage message, @Nullable ToolUse use) {
    if (!message.getMedia().isEmpty()) {
      throw unsupported("media in an assistant message");
    }
    String text = text(message);
    List<ChatMessage> reply = new ArrayList<>();
    if (!message.hasToolCalls() || !text.isEmpty()) {
      reply.add(use == null ? ChatMessage.assistant(text) : use.response(text));
    }
    if (message.hasToolCalls()) {
      reply.add(
          ToolUse.calls(
              message.getToolCalls().stream()
                  .map(call -> new ToolCall(call.id(), call.name(), call.arguments()))
                  .toList()));
    }
    return reply;
  }

  private static ChatMessage said(Message message) {
    if (message instanceof SystemMessage) {
      return ChatMessage.system(text(message));
    }
    if (message instanceof UserMessage user) {
      if (!user.getMedia().isEmpty()) {
        throw unsupported("media in a user message");
      }
      return ChatMessage.user(text(user));
    }
    throw unsupported("a message of type " + message.getMessageType());
  }

  private static String text(Message message) {
    String text = message.getText();
    return text == null ? "" : text;
  }

  private static PolyLmException unsupported(String feature) {
    return new PolyLmException(feature + " is not supported by PolyLM");
  }
}
