package dev.polylm.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.polylm.prompt.ChatMessage;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Turns LangChain4j's messages into the SDK's. */
final class ChatPrompts {
  private ChatPrompts() {}

  /**
   * Returns LangChain4j's messages as the SDK's.
   *
   * @throws UnsupportedFeatureException if one holds more than a text
   */
  static List<ChatMessage> messages(List<dev.langchain4j.data.message.ChatMessage> messages) {
    return messages.stream().map(ChatPrompts::message).toList();
  }

  /**
   * Returns a message of LangChain4j as one of the SDK.
   *
   * @throws UnsupportedFeatureException if it holds more than a text
   */
  static ChatMessage message(dev.langchain4j.data.message.ChatMessage message) {
    if (message instanceof SystemMessage system) {
      return ChatMessage.system(system.text());
    }
    if (message instanceof UserMessage user) {
      return ChatMessage.user(text(user));
    }
    if (message instanceof AiMessage ai) {
      return ChatMessage.assistant(text(ai));
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
    if (message.hasToolExecutionRequests()) {
      throw Refusals.unsupported(
          "an AI message's use of a tool (%s)"
              .formatted(message.toolExecutionRequests().get(0).name()));
    }
    if (!message.images().isEmpty()) {
      throw Refusals.unsupported("an AI message's image content");
    }
    String text = message.text();
    return text == null ? "" : text;
  }
}
