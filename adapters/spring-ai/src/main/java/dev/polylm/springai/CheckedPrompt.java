package dev.polylm.springai;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.internal.chat.ReplyPrompts;
import dev.polylm.internal.chat.ReplySettings;
import dev.polylm.internal.chat.RoleMarkers;
import dev.polylm.internal.tool.ToolUse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.DefaultChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.DefaultStructuredOutputChatOptions;
import org.springframework.ai.model.tool.DefaultToolCallingChatOptions;
import org.springframework.ai.model.tool.ToolCallingManager;

/**
 * A prompt that asks for nothing PolyLM can't do.
 *
 * @param request for the engine
 * @param tools what the model may call, or null for nothing
 */
record CheckedPrompt(GenerationRequest request, @Nullable ToolUse tools) {
  /**
   * Checks a prompt.
   *
   * @param defaults the settings for what the options leave open
   * @param manager says which tools the options offer
   * @throws PolyLmException naming what the prompt asks for that PolyLM can't do
   */
  static CheckedPrompt of(
      Prompt prompt, PolyLm polyLm, GenerationConfig defaults, ToolCallingManager manager) {
    ChatOptions options = prompt.getOptions();
    GenerationConfig config = defaults;
    if (options != null) {
      check(options, polyLm);
      config = config(options).orElse(defaults);
    }
    AnswerForm form = AnswerForm.of(options, manager);
    dev.polylm.prompt.Prompt asked =
        ReplyPrompts.of(
            polyLm.promptForm(), ChatPrompts.messages(prompt.getInstructions(), form.tools()));
    return new CheckedPrompt(request(asked, config, form, polyLm), form.tools());
  }

  /**
   * Returns the request for the model. A reply that may be any text ends where the model begins to
   * write a role marker. A constraint ends its reply itself.
   */
  private static GenerationRequest request(
      dev.polylm.prompt.Prompt asked, GenerationConfig config, AnswerForm form, PolyLm polyLm) {
    GenerationRequest request = GenerationRequest.ofPrompt(asked);
    return form.constraint() == null
        ? request.withConfig(RoleMarkers.asStops(config, polyLm.generationDefaults(), asked))
        : request.withConfig(config).withConstraint(form.constraint());
  }

  private static void check(ChatOptions options, PolyLm polyLm) {
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
}
