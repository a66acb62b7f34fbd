package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.internal.prompt.PromptEncoder;
import dev.polylm.jakarta.model.Models;
import dev.polylm.prompt.Prompt;
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
   * Reads a request for the ids of a prompt or a conversation. Special tokens in a prompt are
   * parsed, since a client such as lm-evaluation-harness finds out their ids so. A text may be
   * longer than the context, since clients cut texts by their ids.
   *
   * @throws ApiException if the request is wrong
   */
  public ModelCall tokenize(ObjectNode body) {
    Fields request = new Fields(body);
    PolyLm polyLm = model(request.text("model"));
    boolean withPieces = request.flag("return_token_strs");
    if (request.has("messages")) {
      Prompt prompt = conversation(polyLm, request);
      return new ModelCall(
          "messages",
          () -> ids(polyLm, PromptEncoder.encode(prompt, polyLm.tokenizer()), withPieces));
    }
    String prompt =
        request
            .text("prompt")
            .orElseThrow(
                () ->
                    ApiException.badRequest(
                        "prompt", "prompt is missing, must be a string; or set messages."));
    boolean whole = !request.has("add_special_tokens") || request.flag("add_special_tokens");
    return new ModelCall(
        "prompt",
        () -> {
          Tokenizer tokenizer = polyLm.tokenizer();
          return ids(
              polyLm,
              whole ? tokenizer.encodePrompt(prompt, true) : tokenizer.encodeTrusted(prompt),
              withPieces);
        });
  }

  private static Prompt conversation(PolyLm polyLm, Fields request) {
    try {
      return polyLm.promptForm().chat(ChatMessages.read(request, null));
    } catch (PolyLmException e) {
      throw ApiException.badRequest("messages", SettingsFields.sentence(e));
    }
  }

  /** A tree would have an object for each id, so the answer has the lists as they are. */
  private static ObjectNode ids(PolyLm polyLm, int[] ids, boolean withPieces) {
    ObjectNode answer =
        JsonNodeFactory.instance
            .objectNode()
            .put("count", ids.length)
            .put("max_model_len", polyLm.manifest().model().contextLength())
            .putPOJO(TOKENS, ids);
    return withPieces ? answer.putPOJO("token_strs", polyLm.tokenizer().pieces(ids)) : answer;
  }

  /**
   * Reads a request for the text of ids, without special tokens.
   *
   * @throws ApiException if the request is wrong
   */
  public ModelCall detokenize(ObjectNode body) {
    Fields request = new Fields(body);
    Tokenizer tokenizer = model(request.text("model")).tokenizer();
    int[] ids = CompletionPrompts.ids(TOKENS, request.node(TOKENS));
    return new ModelCall(
        TOKENS, () -> JsonNodeFactory.instance.objectNode().put("prompt", tokenizer.decode(ids)));
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
