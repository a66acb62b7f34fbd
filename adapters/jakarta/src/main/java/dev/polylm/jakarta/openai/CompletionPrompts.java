package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.polylm.PolyLmException;
import dev.polylm.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads prompts: a text, texts, ids, or lists of ids. */
final class CompletionPrompts {
  private static final String EXPECTED =
      "a string, a list of strings, a list of ids or a list of lists of ids";

  private final String field;
  private final Tokenizer tokenizer;
  private final int contextLength;

  private CompletionPrompts(String field, Tokenizer tokenizer, int contextLength) {
    this.field = field;
    this.tokenizer = tokenizer;
    this.contextLength = contextLength;
  }

  /**
   * @param field the field that holds the prompts
   * @param contextLength how many ids a prompt may have
   * @param most how many prompts one request may have
   * @throws ApiException if there are no valid prompts
   */
  static List<Task.SentPrompt> read(
      Fields request, String field, Tokenizer tokenizer, int contextLength, int most) {
    JsonNode prompt =
        request
            .node(field)
            .orElseThrow(
                () ->
                    ApiException.badRequest(
                        field, "%s is missing, must be %s.".formatted(field, EXPECTED)));
    CompletionPrompts prompts = new CompletionPrompts(field, tokenizer, contextLength);
    if (prompt.isTextual()) {
      return List.of(prompts.ofText(prompt.textValue()));
    }
    if (prompt.path(0).isNumber()) {
      return List.of(prompts.ofIds(prompt));
    }
    List<Task.SentPrompt> read = new ArrayList<>();
    for (JsonNode item : Fields.list(field, prompt, most, EXPECTED)) {
      read.add(item.isTextual() ? prompts.ofText(item.textValue()) : prompts.ofIds(item));
    }
    return read;
  }

  private Task.SentPrompt ofText(String text) {
    try {
      tokenizer.checkFits(text, contextLength);
    } catch (PolyLmException e) {
      throw ApiException.tooLong(field, SettingsFields.sentence(e));
    }
    return new Task.SentPrompt(text, tokenizer.encodePrompt(text, false));
  }

  private Task.SentPrompt ofIds(JsonNode node) {
    int[] ids = ids(field, node);
    if (ids.length > contextLength) { // before they become a text
      throw PromptLimits.tooLong(field, contextLength, ids.length);
    }
    return new Task.SentPrompt(decoded(ids), ids);
  }

  private static int[] ids(String field, JsonNode node) {
    if (!(node instanceof ArrayNode list)) {
      throw Fields.wrong(field, node, EXPECTED);
    }
    int[] ids = new int[list.size()];
    for (int i = 0; i < ids.length; i++) {
      JsonNode id = list.get(i);
      if (!id.isIntegralNumber() || !id.canConvertToInt()) {
        throw Fields.wrong(field, id, "an id in a list of ids");
      }
      ids[i] = id.intValue();
    }
    return ids;
  }

  /** Returns the ids in a field that must hold a list of them. */
  static int[] ids(String field, Optional<JsonNode> node) {
    if (node.isEmpty() || !node.get().isArray()) {
      throw Fields.wrong(field, node.orElse(MissingNode.getInstance()), "a list of ids");
    }
    return ids(field, node.get());
  }

  /** Returns the text for an echo. Unknown ids are found later, when the lengths are checked. */
  private String decoded(int[] ids) {
    try {
      return tokenizer.decode(ids);
    } catch (PolyLmException e) {
      throw ApiException.badRequest(field, SettingsFields.sentence(e));
    }
  }
}
