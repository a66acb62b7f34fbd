package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLmException;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationSetting;
import dev.polylm.jakarta.config.ServerSettings;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Makes a {@link GenerationConfig} from a request's fields. It accepts OpenAI's fields, and Hugging
 * Face's under their own names.
 *
 * <p>A temperature of 0 is greedy decoding. A temperature above 0, or a top_p below 1, draws. If
 * neither is set, the model's defaults hold; several answers are then drawn unless the model has
 * beams.
 */
final class SettingsFields {
  private static final Map<String, String> OTHER_NAMES =
      Map.of(
          "max_length", "max_tokens",
          "max_new_tokens", "max_tokens",
          "stop_strings", "stop",
          "num_return_sequences", "n",
          "output_logprobs", "logprobs");
  private static final List<String> READ_HERE =
      List.of("temperature", "top_p", "num_beams", "top_logprobs", "logit_bias");
  private static final int MAX_STOPS = 16;
  private static final int MAX_STOP_BYTES = 1024;
  private static final int MAX_VALUES = 1024;
  private static final double MAX_BIAS = 100;

  private final Fields request;
  private final ServerSettings limits;
  private final ObjectNode settings = JsonNodeFactory.instance.objectNode();

  private SettingsFields(Fields request, ServerSettings limits) {
    this.request = request;
    this.limits = limits;
  }

  /**
   * Reads the settings.
   *
   * @param defaults what holds if the request sets nothing, including the model's own defaults
   * @param maxTokens the new ids of an answer
   * @param choices how many answers the request wants
   * @throws ApiException if a value has another type, is out of range, or contradicts another
   */
  static GenerationConfig read(
      Fields request,
      ServerSettings limits,
      GenerationConfig defaults,
      int maxTokens,
      ChoiceCounts choices) {
    SettingsFields fields = new SettingsFields(request, limits);
    fields.readOwn();
    fields.readBias();
    fields.readStops();
    fields.readSampling(defaults, choices);
    fields.settings.put("max_new_tokens", maxTokens);
    try {
      return GenerationConfig.fromJson(fields.settings.toString());
    } catch (PolyLmException e) {
      throw ApiException.badRequest(null, sentence(e));
    }
  }

  static String sentence(PolyLmException e) {
    String message = String.valueOf(e.getMessage());
    return message.endsWith(".") ? message : message + ".";
  }

  /** Hugging Face's settings, which the SDK checks. */
  private void readOwn() {
    for (GenerationSetting setting : GenerationConfig.settings()) {
      String name = setting.name();
      String other = OTHER_NAMES.get(name);
      if (other != null && request.has(name)) {
        throw ApiException.badRequest(
            name, "%s is called %s here.".formatted(name, request.path(other)));
      }
      if (!READ_HERE.contains(name)) {
        request.node(name).ifPresent(value -> settings.set(name, value));
      }
      request.node(name).ifPresent(value -> checkSize(name, value));
    }
    request
        .integer("num_beams", 1, limits.maxBeams())
        .ifPresent(beams -> settings.put("num_beams", beams));
  }

  /** Values that are compared with each new id, or change its logits, cost time at every step. */
  private static void checkSize(String name, JsonNode value) {
    int values = values(value);
    if (values > MAX_VALUES) {
      throw ApiException.badRequest(
          name, "%s holds %s values, must hold at most %s.".formatted(name, values, MAX_VALUES));
    }
  }

  private static int values(JsonNode node) {
    int values = node.isContainerNode() ? 0 : 1;
    for (JsonNode child : node) {
      values += values(child);
    }
    return values;
  }

  private void readBias() {
    request
        .object("logit_bias")
        .ifPresent(
            biases -> {
              JsonNode node = request.node("logit_bias").orElseThrow();
              node.fieldNames().forEachRemaining(id -> biases.number(id, -MAX_BIAS, MAX_BIAS));
              settings.set("logit_bias", node);
            });
  }

  private void readStops() {
    List<String> stops = request.texts("stop", MAX_STOPS);
    if (stops.contains("")) {
      throw ApiException.badRequest("stop", "stop holds an empty string, must hold text.");
    }
    for (String stop : stops) {
      int bytes = stop.getBytes(StandardCharsets.UTF_8).length;
      if (bytes > MAX_STOP_BYTES) {
        throw ApiException.badRequest(
            "stop",
            "stop holds a string of %s bytes, must hold strings of at most %s."
                .formatted(bytes, MAX_STOP_BYTES));
      }
    }
    if (!stops.isEmpty()) {
      stops.forEach(settings.putArray("stop_strings")::add);
    }
  }

  private void readSampling(GenerationConfig defaults, ChoiceCounts choices) {
    OptionalDouble temperature = request.number("temperature", 0, 2);
    OptionalDouble topP = request.number("top_p", 0, 1);
    boolean greedy = temperature.isPresent() && temperature.getAsDouble() == 0;
    if (greedy) {
      readGreedy(choices);
      return;
    }
    boolean beams = settings.path("num_beams").asInt(defaults.numBeams()) > 1;
    boolean asked =
        temperature.isPresent() || topP.orElse(1) < 1 || (choices.candidates() > 1 && !beams);
    if (asked && !settings.has("do_sample")) {
      settings.put("do_sample", true);
      // All ids, as in OpenAI's API. Hugging Face would take the 50 most likely.
      if (!settings.has("top_k") && !Defaults.set(defaults, "top_k")) {
        settings.put("top_k", 0);
      }
    }
    temperature.ifPresent(value -> settings.put("temperature", value));
    if (settings.path("do_sample").asBoolean(defaults.doSample())) {
      topP.ifPresent(value -> settings.put("top_p", value));
    }
  }

  /** If nothing is drawn, several answers come from a beam search. */
  private void readGreedy(ChoiceCounts choices) {
    if (settings.path("do_sample").asBoolean(false)) {
      throw ApiException.badRequest(
          "temperature", "temperature is 0, which draws nothing, but do_sample is true.");
    }
    settings.put("do_sample", false);
    OptionalInt bestOf = choices.bestOf();
    if (bestOf.isPresent() && bestOf.getAsInt() > 1 && !settings.has("num_beams")) {
      if (bestOf.getAsInt() > limits.maxBeams()) {
        throw ApiException.badRequest(
            "best_of",
            "best_of is %s, must be at most %s with temperature 0: it is the number of beams."
                .formatted(bestOf.getAsInt(), limits.maxBeams()));
      }
      settings.put("num_beams", bestOf.getAsInt());
    }
  }
}
