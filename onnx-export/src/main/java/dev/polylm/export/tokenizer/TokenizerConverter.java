package dev.polylm.export.tokenizer;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLmException;
import dev.polylm.export.untrusted.JsonFile;
import dev.polylm.internal.text.Quoted;
import dev.polylm.model.TokenizerFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Converts a checkpoint's SentencePiece tokenizer. */
public final class TokenizerConverter {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private static final Set<String> CLASSES = Set.of("LlamaTokenizer", "LlamaTokenizerFast");

  private TokenizerConverter() {}

  /**
   * Reads tokenizer.model and, where present, tokenizer_config.json, special_tokens_map.json and
   * added_tokens.json; writes tokenizer.json and tokenizer_config.json.
   *
   * <p>What the files leave unsaid is as the slow LlamaTokenizer of transformers v4.57.6 has it:
   * legacy true, add_bos_token true, add_eos_token false, the tokens {@code <unk>}, {@code <s>} and
   * {@code </s>}.
   *
   * @param checkpointDirectory the folder with the checkpoint's files
   * @param outputDirectory an existing folder
   * @return what the SDK must know beside tokenizer.json
   * @throws PolyLmException where tokenizer.model is missing or no model, or the files ask for what
   *     can't be converted
   */
  public static TokenizerFacts convert(Path checkpointDirectory, Path outputDirectory) {
    SentencePieceModel model =
        SentencePieceReader.read(checkpointDirectory.resolve("tokenizer.model"));
    Path configFile = checkpointDirectory.resolve("tokenizer_config.json");
    ObjectNode config = JsonFile.readIfPresent(configFile);
    ObjectNode map = JsonFile.readIfPresent(checkpointDirectory.resolve("special_tokens_map.json"));
    ObjectNode added = JsonFile.readIfPresent(checkpointDirectory.resolve("added_tokens.json"));
    TokenizerFacts facts;
    Map<String, Integer> specialIds;
    try {
      requireConvertible(config);
      SpecialTokens tokens = SpecialTokens.read(config, map, added);
      specialIds = tokens.idsAmong(ids(model));
      facts = facts(config, tokens);
    } catch (PolyLmException e) {
      throw new PolyLmException(configFile + ": " + e.getMessage(), e);
    }
    requireUnknown(model, facts, configFile);
    write(outputDirectory, new TokenizerJsonWriter(model, specialIds, facts), facts);
    return facts;
  }

  private static void requireConvertible(ObjectNode config) {
    String name = config.path("tokenizer_class").asText("LlamaTokenizer");
    if (!CLASSES.contains(name) && !config.path("tokenizer_class").isNull()) {
      throw new PolyLmException(
          "tokenizer_class is %s, expected LlamaTokenizer".formatted(Quoted.of(name)));
    }
    if (!JsonFile.flag(config, "add_prefix_space", true)) {
      throw new PolyLmException("add_prefix_space is false, which can't be converted");
    }
    for (String setting : new String[] {"do_lower_case", "split_special_tokens"}) {
      if (JsonFile.flag(config, setting, false)) {
        throw new PolyLmException(setting + " is true, which can't be converted");
      }
    }
    if (!config.path("sp_model_kwargs").isEmpty()) {
      throw new PolyLmException(
          "sp_model_kwargs is %s, expected none"
              .formatted(Quoted.of(config.path("sp_model_kwargs"))));
    }
  }

  private static Map<String, Integer> ids(SentencePieceModel model) {
    Map<String, Integer> ids = new HashMap<>();
    for (int id = 0; id < model.pieces().size(); id++) {
      ids.put(model.pieces().get(id).text(), id);
    }
    return ids;
  }

  private static TokenizerFacts facts(ObjectNode config, SpecialTokens tokens) {
    return new TokenizerFacts(
        JsonFile.flag(config, "legacy", true),
        JsonFile.flag(config, "add_bos_token", true),
        JsonFile.flag(config, "add_eos_token", false),
        tokens.token(SpecialTokens.UNK),
        tokens.token(SpecialTokens.BOS),
        tokens.token(SpecialTokens.EOS));
  }

  private static void requireUnknown(
      SentencePieceModel model, TokenizerFacts facts, Path configFile) {
    String unknown = model.pieces().get(model.unkId()).text();
    if (!unknown.equals(facts.unkToken())) {
      throw new PolyLmException(
          "%s: unk_token is \"%s\", expected the model's unknown piece \"%s\""
              .formatted(configFile, Quoted.of(facts.unkToken()), unknown));
    }
  }

  private static void write(Path directory, TokenizerJsonWriter writer, TokenizerFacts facts) {
    try {
      writer.write(directory.resolve("tokenizer.json"));
      Files.writeString(directory.resolve("tokenizer_config.json"), config(facts));
    } catch (IOException e) {
      throw new PolyLmException(directory + ": the tokenizer can't be written: " + e, e);
    }
  }

  /** For other programs; the class makes them read tokenizer.json as it stands. */
  private static String config(TokenizerFacts facts) throws IOException {
    ObjectNode config = JSON.createObjectNode();
    config.put("tokenizer_class", "PreTrainedTokenizerFast");
    config.put("legacy", facts.legacy());
    config.put("add_bos_token", facts.addBosToken());
    config.put("add_eos_token", facts.addEosToken());
    config.put("unk_token", facts.unkToken());
    config.put("bos_token", facts.bosToken());
    config.put("eos_token", facts.eosToken());
    config.put("clean_up_tokenization_spaces", false);
    return JSON.writeValueAsString(config) + "\n";
  }
}
