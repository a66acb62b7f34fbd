package dev.polylm.export.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLmException;
import dev.polylm.export.tokenizer.TokenizerFile.AddedToken;
import dev.polylm.export.untrusted.JsonFile;
import dev.polylm.internal.untrusted.Quoted;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The added tokens that LlamaTokenizer knows after {@code from_pretrained} of transformers v4.57.6
 * and v5.17.0. They are special tokens, with or without a named role, and words. Their ids are
 * those of their pieces, or follow the pieces' ids.
 *
 * @param byRole {@code unk_token}, {@code bos_token} and {@code eos_token} at least
 * @param additional special tokens without a role
 * @param words added tokens that are not special
 * @param ids the ids that the files give to added tokens, by token
 */
record SpecialTokens(
    Map<String, String> byRole,
    Set<String> additional,
    Set<String> words,
    Map<String, Integer> ids) {
  static final String UNK = "unk_token";
  static final String BOS = "bos_token";
  static final String EOS = "eos_token";

  private static final String ADDITIONAL = "additional_special_tokens";

  /** A list in transformers 5, and tokens by name in version 4. */
  private static final String EXTRA = "extra_special_tokens";

  private static final String DECODER = "added_tokens_decoder";

  /** The order in which transformers gives new tokens their ids. */
  private static final List<String> ROLES =
      List.of(BOS, EOS, UNK, "sep_token", "pad_token", "cls_token", "mask_token");

  /** The defaults of LlamaTokenizer. */
  private static final Map<String, String> DEFAULTS = Map.of(UNK, "<unk>", BOS, "<s>", EOS, "</s>");

  /**
   * Reads the files. If tokenizer_config.json has no {@code added_tokens_decoder}, the two older
   * files are read too, and special_tokens_map.json takes precedence.
   *
   * @param config tokenizer_config.json
   * @param specialTokensMap special_tokens_map.json
   * @param addedTokens added_tokens.json: ids by token
   * @throws PolyLmException if an entry is not a token, or is a token that can't be converted
   */
  static SpecialTokens read(
      ObjectNode config, ObjectNode specialTokensMap, ObjectNode addedTokens) {
    Map<String, String> byRole = new LinkedHashMap<>();
    Set<String> additional = new LinkedHashSet<>();
    Map<String, Integer> ids = new LinkedHashMap<>();
    boolean older = !config.has(DECODER);
    for (String role : ROLES) {
      JsonNode later = older ? specialTokensMap.path(role) : config.path(role);
      JsonNode token = later.isMissingNode() ? config.path(role) : later;
      if (!token.isMissingNode() && !token.isNull()) {
        byRole.put(role, content(role, token));
      } else if (DEFAULTS.containsKey(role)) {
        byRole.put(role, DEFAULTS.getOrDefault(role, ""));
      }
    }
    config.path(ADDITIONAL).forEach(token -> additional.add(content(ADDITIONAL, token)));
    config.path(EXTRA).forEach(token -> additional.add(content(EXTRA, token)));
    if (older) {
      specialTokensMap
          .path(ADDITIONAL)
          .forEach(token -> additional.add(content(ADDITIONAL, token)));
      addedTokens
          .properties()
          .forEach(entry -> ids.put(entry.getKey(), id(entry.getValue().asText())));
    } else {
      config
          .path(DECODER)
          .properties()
          .forEach(entry -> ids.put(content(DECODER, entry.getValue()), id(entry.getKey())));
    }
    return new SpecialTokens(byRole, additional, Set.of(), ids);
  }

  /** Returns the tokens with those of a tokenizer.json, which decides which tokens are special. */
  SpecialTokens with(List<AddedToken> added) {
    Set<String> special = new LinkedHashSet<>(additional);
    Set<String> plain = new LinkedHashSet<>();
    Map<String, Integer> known = new LinkedHashMap<>(ids);
    for (AddedToken token : added) {
      known.put(token.content(), token.id());
      boolean isSpecial = token.special() || special().contains(token.content());
      (isSpecial ? special : plain).add(token.content());
    }
    return new SpecialTokens(byRole, special, plain, known);
  }

  /** Returns the special tokens, in the order in which new ones get their ids. */
  private Set<String> special() {
    Set<String> tokens = new LinkedHashSet<>(byRole.values());
    tokens.addAll(additional);
    return tokens;
  }

  /** Returns the token of a role that is always there. */
  String token(String role) {
    return byRole.getOrDefault(role, "");
  }

  /**
   * @throws PolyLmException if a token with an id is not known
   */
  void requireAllKnown() {
    Set<String> special = special();
    for (String token : ids.keySet()) {
      if (!special.contains(token) && !words.contains(token)) {
        throw new PolyLmException(
            "added token \"%s\" is not among the special tokens %s; only those can be converted"
                .formatted(Quoted.of(token), Quoted.of(special)));
      }
    }
  }

  /** Returns the text of an entry that is a string or an AddedToken object. */
  static String content(String role, JsonNode token) {
    JsonNode content = token.isObject() ? token.path("content") : token;
    if (!content.isTextual() || content.asText().isEmpty()) {
      throw new PolyLmException(
          "%s is %s, expected a token".formatted(role, JsonFile.shown(token)));
    }
    for (String setting : List.of("lstrip", "rstrip", "single_word")) {
      if (token.path(setting).asBoolean()) {
        throw new PolyLmException(
            "%s \"%s\" has %s, which can't be converted"
                .formatted(role, Quoted.of(content.asText()), setting));
      }
    }
    return content.asText();
  }

  private static int id(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new PolyLmException(
          "added token has the id \"%s\", expected a number".formatted(Quoted.of(text)), e);
    }
  }

  /**
   * Returns the id of each token.
   *
   * @param pieceIds ids by piece
   * @throws PolyLmException if the files give a token another id than its piece has, or leave a gap
   *     after the pieces
   */
  Added idsAmong(Map<String, Integer> pieceIds) {
    Set<Integer> behind = new LinkedHashSet<>();
    int next = pieceIds.size();
    Map<String, Integer> known = new LinkedHashMap<>();
    for (String token : inOrderOfIds()) {
      int expected = pieceIds.getOrDefault(token, -1);
      int id = ids.getOrDefault(token, expected < 0 ? next : expected);
      if (expected >= 0 ? id != expected : id < pieceIds.size() || !behind.add(id)) {
        throw new PolyLmException(
            "added token \"%s\" has id %s, expected %s"
                .formatted(
                    Quoted.of(token),
                    id,
                    expected < 0 ? "an id of its own after the pieces" : expected));
      }
      next = Math.max(next, id + 1);
      known.put(token, id);
    }
    if (next != pieceIds.size() + behind.size()) {
      throw new PolyLmException(
          "added tokens have the ids %s, expected all from %s to %s"
              .formatted(Quoted.of(behind), pieceIds.size(), next - 1));
    }
    Map<String, Integer> plain = new LinkedHashMap<>(known);
    plain.keySet().retainAll(words);
    known.keySet().removeAll(words);
    return new Added(known, plain);
  }

  /** Puts those with ids first, since new ones come after them. */
  private List<String> inOrderOfIds() {
    Set<String> tokens = special();
    tokens.addAll(words);
    return tokens.stream().sorted(Comparator.comparing(token -> !ids.containsKey(token))).toList();
  }

  /**
   * The ids of tokens that are not pieces, or are more than pieces.
   *
   * @param special tokens that are parsed only in trusted texts, and that are not decoded to text
   * @param words tokens at which every text is cut
   */
  record Added(Map<String, Integer> special, Map<String, Integer> words) {}
}
