package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The fields of OpenAI's API that ask for what the model can't do. A value that asks for nothing,
 * such as an empty list of tools, is accepted.
 */
final class Unsupported {
  private static final Map<String, Predicate<JsonNode>> HARMLESS =
      Map.ofEntries(
          Map.entry("functions", Unsupported::isNothing),
          Map.entry("function_call", oneOf("none", "auto")),
          Map.entry("modalities", node -> node.size() == 1 && oneOf("text").test(node.path(0))),
          Map.entry("audio", Unsupported::isNothing),
          Map.entry("prediction", Unsupported::isNothing),
          Map.entry("reasoning_effort", oneOf("none")),
          Map.entry("verbosity", oneOf("low", "medium", "high")), // a wish, not a promise
          Map.entry("web_search_options", node -> false),
          Map.entry("service_tier", oneOf("auto", "default")),
          Map.entry("store", Unsupported::isFalse),
          Map.entry("guided_whitespace_pattern", node -> false),
          Map.entry("suffix", node -> node.isTextual() && node.textValue().isEmpty()));

  /** What only a request for a reply to a conversation can ask for. */
  private static final Map<String, Predicate<JsonNode>> HARMLESS_IN_COMPLETIONS =
      Map.of("tools", Unsupported::isNothing, "tool_choice", oneOf("none", "auto"));

  private Unsupported() {}

  private static boolean isNothing(JsonNode node) {
    return node.isContainerNode() && node.isEmpty();
  }

  private static boolean isFalse(JsonNode node) {
    return node.isBoolean() && !node.booleanValue();
  }

  private static Predicate<JsonNode> oneOf(String... values) {
    return node -> node.isTextual() && List.of(values).contains(node.textValue());
  }

  /**
   * Refuses a request that uses any of these fields.
   *
   * @throws ApiException naming the field
   */
  static void check(Fields request) {
    check(request, HARMLESS);
  }

  /**
   * Refuses a request for a continuation of prompts that uses any of these fields, or tools.
   *
   * @throws ApiException naming the field
   */
  static void checkCompletion(Fields request) {
    check(request, HARMLESS);
    check(request, HARMLESS_IN_COMPLETIONS);
  }

  private static void check(Fields request, Map<String, Predicate<JsonNode>> fields) {
    fields.forEach(
        (name, harmless) ->
            request
                .node(name)
                .filter(harmless.negate())
                .ifPresent(
                    node -> {
                      throw ApiException.badRequest(
                          name,
                          "%s is %s; PolyLM can't do that: leave it out."
                              .formatted(name, Json.show(node)));
                    }));
  }
}
