package dev.polylm.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.polylm.internal.tool.ToolCall;
import dev.polylm.internal.tool.ToolUse;
import dev.polylm.prompt.ChatMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Turns LangChain4j's messages into the SDK's. */
final class ChatPrompts {
  private ChatPrompts() {}

  /**
   * Returns LangChain4j's messages as the SDK's.
   *
   * @param use the tools that the request offers, or null for none
   * @throws UnsupportedFeatureException if one holds more than text and calls of tools
   */
  static List<ChatMessage> messages(
      List<dev.langchain4j.data.message.ChatMessage> messages, @Nullable ToolUse use) {
    Map<String, ToolExecutionRequest> calls = new HashMap<>();
    List<ChatMessage> result = new ArrayList<>();
    for (dev.langchain4j.data.message.ChatMessage message : messages) {
      if (message instanceof AiMessage ai) {
        ai.toolExecutionRequests().forEach(call -> calls.put(call.id(), call));
        result.addAll(reply(ai, use));
      } else if (message instanceof ToolExecutionResultMessage returned) {
        result.add(returned(returned, calls.get(returned.id())));
      } else {
        result.add(said(message));
      }
    }
    return use == null ? result : use.describe(result);
  }

  private static List<ChatMessage> reply(AiMessage message, @Nullable ToolUse use) {
    String text = text(message);
    List<ChatMessage> reply = new ArrayList<>();
    if (!message.hasToolExecutionRequests() || !text.isEmpty()) {
      reply.add(use == null ? ChatMessage.assistant(text) : use.response(text));
    }
    if (message.hasToolExecutionRequests()) {
      List<ToolExecutionRequest> calls = message.toolExecutionRequests();
      reply.add(ToolUse.calls(calls.stream().map(ChatPrompts::call).toList()));
    }
    return reply;
  }

  private static ToolCall call(ToolExecutionRequest call) {
    String id = call.id() == null ? "" : call.id();
    String arguments = call.arguments() == null ? "{}" : call.arguments();
    return new ToolCall(id, call.name(), arguments);
  }

  private static ChatMessage returned(
      ToolExecutionResultMessage message, @Nullable ToolExecutionRequest call) {
    if (!message.contents().stream().allMatch(TextContent.class::isInstance)) {
      throw Refusals.unsupported("non-text content of a tool's result");
    }
    String result =
        message.contents().stream().map(ChatPrompts::text).collect(Collectors.joining("\n"));
    return ToolUse.result(message.toolName(), call == null ? null : call.arguments(), result);
  }

  private static ChatMessage said(dev.langchain4j.data.message.ChatMessage message) {
    if (message instanceof SystemMessage system) {
      return ChatMessage.system(system.text());
    }
    if (message instanceof UserMessage user) {
      return ChatMessage.user(text(user));
    }
    throw Refusals.unsupported("a message of type " + message.type());
  }

  private static String text(UserMessage message) {
    return message.contents().stream().map(ChatPrompts::text).collect(Collectors.joining("\n"));
  }

  private static String text(Content content) {
    if (content instanceof TextContent text) {
      return text.text();
    }
    throw Refusals.unsupported(
        content.type().toString().toLowerCase(Locale.ROOT).replace('_', ' ') + " content");
  }

  private static String text(AiMessage message) {
    if (!message.images().isEmpty()) {
      throw Refusals.unsupported("an AI message's image content");
    }
    String text = message.text();
    return text == null ? "" : text;
  }
}
