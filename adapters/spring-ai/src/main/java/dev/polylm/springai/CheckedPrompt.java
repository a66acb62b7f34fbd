package dev.polylm.springai;

import dev.polylm.Adapter;
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
import java.util.TreeMap;
import java.util.function.Supplier;
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
 * @param form what the answer must be
 * @param model the name of the model, or of the model with its adapter
 */
record CheckedPrompt(GenerationRequest request, AnswerForm form, String model) {
  /**
   * Checks a prompt.
   *
   * @param adapters those that the options may name, as MODEL:NAME
   * @param defaults the settings for what the options leave open
   * @param manager says which tools the options offer
   * @throws PolyLmException naming what the prompt asks for that PolyLM can't do
   */
  static CheckedPrompt of(
      Prompt prompt,
      PolyLm polyLm,
      GenerationConfig defaults,
      ToolCallingManager manager,
      Supplier<Map<String, Adapter>> adapters) {
    ChatOptions options = prompt.getOptions();
    GenerationConfig config = defaults;
    String model = polyLm.manifest().name();
    Adapter adapter = null;
    if (options != null) {
      check(options);
      if (options.getModel() != null && !options.getModel().equals(model)) {
        adapter = adapter(options.getModel(), model, adapters.get());
        model = options.getModel();
      }
      config = config(options).orElse(defaults);
    }
    AnswerForm form = AnswerForm.of(options, manager);
    dev.polylm.prompt.Prompt asked =
        ReplyPrompts.of(
            polyLm.promptForm(), ChatPrompts.messages(prompt.getInstructions(), form.tools()));
    GenerationRequest request = request(asked, config, form, polyLm);
    return new CheckedPrompt(adapter == null ? request : request.withAdapter(adapter), form, model);
  }

  private static Adapter adapter(String asked, String model, Map<String, Adapter> adapters) {
    Map<String, Adapter> served = new TreeMap<>();
    adapters.forEach((name, adapter) -> served.put(model + ":" + name, adapter));
    Adapter adapter = served.get(asked);
    if (adapter == null) {
      String others = String.join(", ", served.keySet());
      throw new PolyLmException(
          "model \"%s\" is unknown, expected %s"
              .formatted(
                  asked, others.isEmpty() ? model : "one of %s, %s".formatted(model, others)));
    }
    return adapter;
  }

  @Nullable ToolUse tools() {
    return form.tools();
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

  private static void check(ChatOptions options) {
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
