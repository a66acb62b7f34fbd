package dev.polylm.springai;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.constraint.Constraint;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.internal.chat.ReplyPrompts;
import dev.polylm.internal.chat.ReplySettings;
import dev.polylm.internal.chat.RoleMarkers;
import dev.polylm.prompt.ChatMessage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.DefaultChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.DefaultStructuredOutputChatOptions;
import org.springframework.ai.model.tool.DefaultToolCallingChatOptions;
import org.springframework.ai.model.tool.StructuredOutputChatOptions;
import org.springframework.ai.model.tool.ToolCallingChatOptions;

/** Turns Spring AI's prompts into the SDK's requests, and refuses what PolyLM can't do. */
final class ChatRequests {
  private ChatRequests() {}

  /**
   * Returns the request for a model.
   *
   * @param prompt with options
   * @param defaults the settings for what the options leave open
   * @throws PolyLmException naming what the prompt asks for that PolyLM can't do
   */
  static GenerationRequest of(Prompt prompt, PolyLm polyLm, GenerationConfig defaults) {
    ChatOptions options = prompt.getOptions();
    GenerationConfig config = defaults;
    if (options != null) {
      check(options, polyLm);
      config = config(options).orElse(defaults);
    }
    List<ChatMessage> messages =
        prompt.getInstructions().stream().map(ChatRequests::message).toList();
    dev.polylm.prompt.Prompt asked = ReplyPrompts.of(polyLm.promptForm(), messages);
    GenerationRequest request =
        GenerationRequest.ofPrompt(asked)
            .withConfig(RoleMarkers.asStops(config, polyLm.generationDefaults(), asked));
    return options instanceof StructuredOutputChatOptions structured
            && structured.getOutputSchema() != null
        ? request.withConstraint(Constraint.jsonSchema(structured.getOutputSchema()))
        : request;
  }

  private static void check(ChatOptions options, PolyLm polyLm) {
    if (options instanceof ToolCallingChatOptions tools
        && tools.getToolCallbacks() != null
        && !tools.getToolCallbacks().isEmpty()) {
      throw unsupported(
          tools.getToolCallbacks().stream()
              .map(tool -> tool.getToolDefinition().name())
              .collect(Collectors.joining(", ", "the use of tools (", ")")));
    }
    boolean known =
        options instanceof PolyLmChatOptions
            || options.getClass().equals(DefaultChatOptions.class)
            || options.getClass().equals(DefaultStructuredOutputChatOptions.class)
            || options.getClass().equals(DefaultToolCallingChatOptions.class);
    if (!known) {
      throw new PolyLmException(
          "the options are %s, expected PolyLmChatOptions or what ChatOptions.builder() builds"
              .formatted(options.getClass().getName()));
    }
    String served = polyLm.manifest().name();
    if (options.getModel() != null && !options.getModel().equals(served)) {
      throw new PolyLmException(
          "model \"%s\" is unknown, expected %s".formatted(options.getModel(), served));
    }
  }

  private static GenerationConfig config(ChatOptions options) {
    Map<String, Object> settings = new HashMap<>();
    put(settings, "temperature", options.getTemperature());
    put(settings, "top_p", options.getTopP());
    put(settings, "top_k", options.getTopK());
    put(settings, "frequency_penalty", options.getFrequencyPenalty());
    put(settings, "presence_penalty", options.getPresencePenalty());
    put(settings, "max_new_tokens", options.getMaxTokens());
    List<String> stops = options.getStopSequences();
    put(settings, "stop_strings", stops == null || stops.isEmpty() ? null : stops);
    GenerationConfig config = ReplySettings.of(settings);
    return options instanceof PolyLmChatOptions own && own.getGenerationConfig() != null
        ? config.orElse(own.getGenerationConfig())
        : config;
  }

  private static void put(Map<String, Object> settings, String name, @Nullable Object value) {
    if (value != null) {
      settings.put(name, value);
    }
  }

  private static ChatMessage message(Message message) {
    String text = message.getText() == null ? "" : message.getText();
    if (message instanceof SystemMessage) {
      return ChatMessage.system(text);
    }
    if (message instanceof UserMessage user && user.getMedia().isEmpty()) {
      return ChatMessage.user(text);
    }
    if (message instanceof AssistantMessage assistant
        && !assistant.hasToolCalls()
        && assistant.getMedia().isEmpty()) {
      return ChatMessage.assistant(text);
    }
    throw unsupported(
        message instanceof UserMessage
            ? "media in a user message"
            : message instanceof AssistantMessage
                ? "an assistant message's tool calls or media"
                : "a message of type " + message.getMessageType());
  }

  private static PolyLmException unsupported(String feature) {
    return new PolyLmException(feature + " is not supported by PolyLM");
  }
}
