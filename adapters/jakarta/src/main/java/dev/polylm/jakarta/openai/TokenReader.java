package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.internal.prompt.PromptEncoder;
import dev.polylm.jakarta.model.Models;
import dev.polylm.tokenizer.Tokenizer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;

/** Answers requests for the tokenizer, in vLLM's forms. */
@ApplicationScoped
public class TokenReader {
  private static final String TOKENS = "tokens";

  @Inject private Models models;

  /**
   * Returns the ids of a prompt or a conversation. Special tokens in a prompt are parsed, since a
   * client such as lm-evaluation-harness finds out their ids so.
   *
   * @throws ApiException if the request is wrong
   */
  public ObjectNode tokenize(ObjectNode body) {
    Fields request = new Fields(body);
    PolyLm polyLm = model(request.text("model"));
    int[] ids;
    try {
      ids =
          request.has("messages")
              ? PromptEncoder.encode(
                  polyLm.promptForm().chat(ChatMessages.read(request, null)), polyLm.tokenizer())
              : ids(request, polyLm.tokenizer());
    } catch (PolyLmException e) {
      throw ApiException.badRequest(null, SettingsFields.sentence(e));
    }
    ObjectNode answer =
        JsonNodeFactory.instance
            .objectNode()
            .put("count", ids.length)
            .put("max_model_len", polyLm.manifest().model().contextLength());
    ArrayNode tokens = answer.putArray(TOKENS);
    for (int id : ids) {
      tokens.add(id);
    }
    if (request.flag("return_token_strs")) {
      ArrayNode pieces = answer.putArray("token_strs");
      polyLm.tokenizer().pieces(ids).forEach(pieces::add);
    }
    return answer;
  }

  private static int[] ids(Fields request, Tokenizer tokenizer) {
    String prompt =
        request
            .text("prompt")
            .orElseThrow(
                () ->
                    ApiException.badRequest(
                        "prompt", "prompt is missing, must be a string; or set messages."));
    boolean whole = !request.has("add_special_tokens") || request.flag("add_special_tokens");
    return whole ? tokenizer.encodePrompt(prompt, true) : tokenizer.encodeTrusted(prompt);
  }

  /**
   * Returns the text of ids, without special tokens.
   *
   * @throws ApiException if the request is wrong
   */
  public ObjectNode detokenize(ObjectNode body) {
    Fields request = new Fields(body);
    Tokenizer tokenizer = model(request.text("model")).tokenizer();
    int[] ids = CompletionPrompts.ids(TOKENS, request.node(TOKENS));
    try {
      return JsonNodeFactory.instance.objectNode().put("prompt", tokenizer.decode(ids));
    } catch (PolyLmException e) {
      throw ApiException.badRequest(TOKENS, SettingsFields.sentence(e));
    }
  }

  /**
   * Returns what a client must know of the tokenizer.
   *
   * @throws ApiException if there is no such model, or it is not open
   */
  public ObjectNode info(Optional<String> model) {
    PolyLm polyLm = model(model);
    Tokenizer tokenizer = polyLm.tokenizer();
    return JsonNodeFactory.instance
        .objectNode()
        .put("tokenizer_class", "LlamaTokenizer")
        .put("vocab_size", tokenizer.vocabSize())
        .put("max_model_len", polyLm.manifest().model().contextLength())
        .put("bos_token", piece(tokenizer, tokenizer.bosTokenId()))
        .put("eos_token", piece(tokenizer, tokenizer.eosTokenId()))
        .put("unk_token", piece(tokenizer, tokenizer.unkTokenId()))
        .putNull("pad_token")
        .putNull("chat_template");
  }

  private static String piece(Tokenizer tokenizer, int id) {
    return tokenizer.pieces(new int[] {id}).get(0);
  }

  private PolyLm model(Optional<String> id) {
    return ModelNames.open(ModelNames.find(models, id));
  }
}
