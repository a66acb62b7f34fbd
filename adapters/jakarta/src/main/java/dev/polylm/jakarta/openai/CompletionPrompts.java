package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.polylm.PolyLmException;
import dev.polylm.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/** Reads prompts: a text, texts, ids, or lists of ids. */
final class CompletionPrompts {
  private static final String PROMPT = "prompt";
  private static final String EXPECTED =
      "a string, a list of strings, a list of ids or a list of lists of ids";

  private final Tokenizer tokenizer;
  private final int contextLength;

  private CompletionPrompts(Tokenizer tokenizer, int contextLength) {
    this.tokenizer = tokenizer;
    this.contextLength = contextLength;
  }

  /**
   * @param contextLength how many ids a prompt may have
   * @param most how many prompts one request may have
   * @throws ApiException if there are no valid prompts
   */
  static List<Task.SentPrompt> read(
      Fields request, Tokenizer tokenizer, int contextLength, int most) {
    JsonNode prompt =
        request
            .node(PROMPT)
            .orElseThrow(
                () ->
                    ApiException.badRequest(
                        PROMPT, "prompt is missing, must be %s.".formatted(EXPECTED)));
    CompletionPrompts prompts = new CompletionPrompts(tokenizer, contextLength);
    if (prompt.isTextual()) {
      return List.of(prompts.ofText(prompt.textValue()));
    }
    if (prompt.path(0).isNumber()) {
      return List.of(prompts.ofIds(prompt));
    }
    List<Task.SentPrompt> read = new ArrayList<>();
    for (JsonNode item : Fields.list(PROMPT, prompt, most)) {
      read.add(item.isTextual() ? prompts.ofText(item.textValue()) : prompts.ofIds(item));
    }
    return read;
  }

  private Task.SentPrompt ofText(String text) {
    try {
      tokenizer.checkFits(text, contextLength);
    } catch (PolyLmException e) {
      throw ApiException.tooLong(PROMPT, SettingsFields.sentence(e));
    }
    return new Task.SentPrompt(text, tokenizer.encodePrompt(text, false));
  }

  private Task.SentPrompt ofIds(JsonNode node) {
    if (!(node instanceof ArrayNode list)) {
      throw Fields.wrong(PROMPT, node, EXPECTED);
    }
    int[] ids = new int[list.size()];
    for (int i = 0; i < ids.length; i++) {
      JsonNode id = list.get(i);
      if (!id.isIntegralNumber() || !id.canConvertToInt()) {
        throw Fields.wrong(PROMPT, id, "an id in a list of ids");
      }
      ids[i] = id.intValue();
    }
    return new Task.SentPrompt(decoded(ids), ids);
  }

  /** Returns the text for an echo. Unknown ids are found later, when the lengths are checked. */
  private String decoded(int[] ids) {
    try {
      return tokenizer.decode(ids);
    } catch (PolyLmException e) {
      throw ApiException.badRequest(PROMPT, SettingsFields.sentence(e));
    }
  }
}
