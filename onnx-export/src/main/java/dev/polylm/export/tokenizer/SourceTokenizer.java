package dev.polylm.export.tokenizer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLmException;
import dev.polylm.export.tokenizer.BpeMerges.Merge;
import dev.polylm.export.tokenizer.TokenizerFile.Prefix;
import dev.polylm.export.untrusted.JsonFile;
import dev.polylm.internal.untrusted.Quoted;
import dev.polylm.model.TokenizerFacts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A checkpoint's tokenizer.
 *
 * @param merges by rank, none for unigram
 * @param added tokens that are not pieces, or are more than pieces
 */
record SourceTokenizer(
    SentencePieceModel model, List<Merge> merges, SpecialTokens.Added added, TokenizerFacts facts) {
  static final String MODEL = "tokenizer.model";
  static final String JSON = "tokenizer.json";

  private static final Set<String> LLAMA = Set.of("LlamaTokenizer", "LlamaTokenizerFast");

  /** Classes that take tokenizer.json unchanged. */
  private static final Set<String> GENERIC = Set.of("PreTrainedTokenizerFast", "TokenizersBackend");

  TokenizerJsonWriter writer() {
    return new TokenizerJsonWriter(model, merges, added, facts);
  }

  /**
   * Reads a checkpoint's files.
   *
   * @throws PolyLmException if they are missing, contradict each other or can't be converted
   */
  static SourceTokenizer read(Path directory) {
    return new Reader(directory).read();
  }

  /** Reads one checkpoint. */
  private static final class Reader {
    private final Path directory;
    private final Path configFile;
    private final ObjectNode config;
    private final boolean hasJson;
    private final SavedBy savedBy;
    private final String className;

    Reader(Path directory) {
      this.directory = directory;
      this.configFile = directory.resolve("tokenizer_config.json");
      this.config = JsonFile.readIfPresent(configFile);
      this.hasJson = Files.exists(directory.resolve(JSON));
      this.savedBy =
          SavedBy.of(config, JsonFile.readIfPresent(directory.resolve("config.json")), hasJson);
      this.className =
          config.path("tokenizer_class").isNull()
              ? "LlamaTokenizer"
              : config.path("tokenizer_class").asText("LlamaTokenizer");
    }

    SourceTokenizer read() {
      boolean hasModel = Files.exists(directory.resolve(MODEL));
      if (savedBy == SavedBy.VERSION_5 && !hasJson) {
        throw new PolyLmException(
            "%s: is missing; transformers 5 saved this tokenizer and keeps there what begins and ends a text"
                .formatted(directory.resolve(JSON)));
      }
      boolean fromJson =
          hasJson && (savedBy == SavedBy.VERSION_5 || !hasModel || GENERIC.contains(className));
      SpecialTokens tokens = named(configFile, () -> specialTokens(fromJson));
      if (fromJson) {
        TokenizerFile file = file(tokens);
        if (hasModel) {
          TokenizerComparison.check(file, model(), true);
        }
        return named(directory.resolve(JSON), () -> of(file, tokens.with(file.added())));
      }
      SentencePieceModel model = model();
      if (hasJson) {
        TokenizerComparison.check(file(tokens), model, false);
      }
      return of(model, tokens);
    }

    private SentencePieceModel model() {
      return SentencePieceReader.read(directory.resolve(MODEL));
    }

    private TokenizerFile file(SpecialTokens tokens) {
      return TokenizerFileReader.read(directory.resolve(JSON), tokens.token(SpecialTokens.UNK));
    }

    private SpecialTokens specialTokens(boolean fromJson) {
      requireConvertible(fromJson);
      return SpecialTokens.read(
          config,
          JsonFile.readIfPresent(directory.resolve("special_tokens_map.json")),
          JsonFile.readIfPresent(directory.resolve("added_tokens.json")));
    }

    private void requireConvertible(boolean fromJson) {
      if (!LLAMA.contains(className) && !(fromJson && GENERIC.contains(className))) {
        throw new PolyLmException(
            "tokenizer_class is %s, expected LlamaTokenizer".formatted(Quoted.of(className)));
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

    private SourceTokenizer of(SentencePieceModel model, SpecialTokens tokens) {
      SpecialTokens.Added added = named(configFile, () -> added(model, tokens));
      List<Merge> merges = model.bpe() ? BpeMerges.of(model, added.special().keySet()) : List.of();
      return named(
          configFile,
          () ->
              new SourceTokenizer(
                  model,
                  merges,
                  added,
                  facts(
                      JsonFile.flag(config, "legacy", true),
                      false,
                      JsonFile.flag(config, "add_bos_token", true),
                      JsonFile.flag(config, "add_eos_token", false),
                      tokens)));
    }

    private SourceTokenizer of(TokenizerFile file, SpecialTokens tokens) {
      boolean asItStands = GENERIC.contains(className);
      boolean llama5 = savedBy == SavedBy.VERSION_5 && !asItStands;
      Prefix prefix = file.prefix();
      if (llama5 && (prefix == Prefix.PREPENDED || !file.model().bpe())) {
        throw new PolyLmException(
            "is not what transformers 5, which saved tokenizer_config.json, writes for"
                + " LlamaTokenizer: expected BPE and Metaspace");
      }
      boolean legacy = llama5 ? JsonFile.flag(config, "legacy", false) : prefix != Prefix.FIRST;
      boolean llama4 = savedBy == SavedBy.VERSION_4 && !asItStands;
      boolean bos = has(file.before(), SpecialTokens.BOS, tokens);
      boolean eos = has(file.behind(), SpecialTokens.EOS, tokens);
      return new SourceTokenizer(
          file.model(),
          file.merges(),
          added(file.model(), tokens),
          facts(
              legacy,
              prefix != Prefix.PREPENDED,
              llama4 ? JsonFile.flag(config, "add_bos_token", true) : bos,
              llama4 ? JsonFile.flag(config, "add_eos_token", false) : eos,
              tokens));
    }

    /** Returns whether the post-processor puts the token of a role on one side of a text. */
    private static boolean has(List<String> side, String role, SpecialTokens tokens) {
      if (!side.isEmpty() && !side.equals(List.of(tokens.token(role)))) {
        throw new PolyLmException(
            "post_processor adds %s to a text, expected the %s \"%s\" or nothing"
                .formatted(Quoted.of(side), role, Quoted.of(tokens.token(role))));
      }
      return !side.isEmpty();
    }

    private static SpecialTokens.Added added(SentencePieceModel model, SpecialTokens tokens) {
      tokens.requireAllKnown();
      Map<String, Integer> ids = new HashMap<>();
      for (int id = 0; id < model.pieces().size(); id++) {
        ids.put(model.pieces().get(id).text(), id);
      }
      SpecialTokens.Added added = tokens.idsAmong(ids);
      String unknown = model.pieces().get(model.unkId()).text();
      if (!unknown.equals(tokens.token(SpecialTokens.UNK))) {
        throw new PolyLmException(
            "unk_token is \"%s\", expected the model's unknown piece \"%s\""
                .formatted(Quoted.of(tokens.token(SpecialTokens.UNK)), unknown));
      }
      return added;
    }

    private static TokenizerFacts facts(
        boolean legacy, boolean metaspace, boolean bos, boolean eos, SpecialTokens tokens) {
      return new TokenizerFacts(
          legacy,
          metaspace,
          bos,
          eos,
          tokens.token(SpecialTokens.UNK),
          tokens.token(SpecialTokens.BOS),
          tokens.token(SpecialTokens.EOS));
    }

    /** A refusal names the file. */
    private static <T> T named(Path file, Supplier<T> reading) {
      try {
        return reading.get();
      } catch (PolyLmException e) {
        throw new PolyLmException(file + ": " + e.getMessage(), e);
      }
    }
  }
}
