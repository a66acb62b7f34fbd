package dev.polylm.export.tokenizer;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.polylm.export.tokenizer.SentencePieceModel.Piece;
import dev.polylm.export.tokenizer.SentencePieceModel.PieceType;
import dev.polylm.model.TokenizerFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes tokenizer.json, in the format of Hugging Face tokenizers 0.21.
 *
 * <p>Other programs need only this file. With it they differ from the slow LlamaTokenizer in three
 * ways; the SDK does not. They put no dummy prefix before a text that begins with a space. They
 * choose a normalizer's rule by grapheme, not the longest. And a unigram model finds {@code <0x0A>}
 * in plain text.
 */
final class TokenizerJsonWriter {
  /** Sorted, so that the same checkpoint always gives the same bytes. */
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  private static final Map<String, Object> BOUNDARY_TO_SPACE =
      Map.of("type", "Replace", "pattern", Map.of("String", "\u2581"), "content", " ");

  private final SentencePieceModel model;
  private final List<BpeMerges.Merge> merges;
  private final SpecialTokens.Added added;
  private final TokenizerFacts facts;

  /**
   * @param merges by rank, of a BPE model
   * @param added those after the pieces are added
   */
  TokenizerJsonWriter(
      SentencePieceModel model,
      List<BpeMerges.Merge> merges,
      SpecialTokens.Added added,
      TokenizerFacts facts) {
    this.model = model;
    this.merges = merges;
    this.added = added;
    this.facts = facts;
  }

  void write(Path file) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(file.toFile(), JsonEncoding.UTF8)) {
      json.writeStartObject();
      json.writeStringField("version", "1.0");
      json.writeNullField("truncation");
      json.writeNullField("padding");
      json.writePOJOField("added_tokens", addedTokens());
      json.writePOJOField("normalizer", normalizer());
      json.writePOJOField("pre_tokenizer", preTokenizer());
      json.writePOJOField("post_processor", postProcessor());
      json.writePOJOField("decoder", decoder());
      json.writeObjectFieldStart("model");
      if (model.bpe()) {
        writeBpe(json);
      } else {
        writeUnigram(json);
      }
      json.writeEndObject();
      json.writeEndObject();
    }
  }

  /**
   * Special tokens, control symbols, user-defined symbols and added words. Two of the flags
   * distinguish them.
   */
  private List<Map<String, Object>> addedTokens() {
    Map<Integer, Map<String, Object>> byId = new TreeMap<>();
    for (int id = 0; id < model.pieces().size(); id++) {
      Piece piece = model.pieces().get(id);
      if (piece.type() == PieceType.CONTROL) {
        byId.put(id, addedToken(id, piece.text(), true, true));
      } else if (piece.type() == PieceType.USER_DEFINED) {
        byId.put(id, addedToken(id, piece.text(), false, false));
      }
    }
    added.special().forEach((token, id) -> byId.put(id, addedToken(id, token, true, false)));
    added.words().forEach((word, id) -> byId.put(id, addedToken(id, word, false, true)));
    return List.copyOf(byId.values());
  }

  private static Map<String, Object> addedToken(
      int id, String content, boolean special, boolean normalized) {
    return Map.of(
        "id", id,
        "content", content,
        "single_word", false,
        "lstrip", false,
        "rstrip", false,
        "normalized", normalized,
        "special", special);
  }

  private Map<String, Object> normalizer() {
    List<Map<String, Object>> steps = new ArrayList<>();
    if (!model.precompiledCharsMap().isEmpty()) {
      String charsMap =
          Base64.getEncoder().encodeToString(model.precompiledCharsMap().toByteArray());
      steps.add(Map.of("type", "Precompiled", "precompiled_charsmap", charsMap));
    }
    if (model.removeExtraWhitespaces()) {
      steps.add(Map.of("type", "Strip", "strip_left", true, "strip_right", true));
      steps.add(Map.of("type", "Replace", "pattern", Map.of("Regex", " {2,}"), "content", " "));
    }
    return Map.of("type", "Sequence", "normalizers", steps);
  }

  private Map<String, Object> preTokenizer() {
    return Map.of(
        "type",
        "Metaspace",
        "replacement",
        "\u2581",
        "prepend_scheme",
        facts.legacy() ? "always" : "first",
        "split",
        false);
  }

  private Map<String, Object> postProcessor() {
    List<Object> single = sequence("A", 0);
    List<Object> pair = new ArrayList<>(single);
    pair.addAll(sequence("B", 1));
    Map<String, Object> tokens = new LinkedHashMap<>();
    for (String token : List.of(facts.bosToken(), facts.eosToken())) {
      List<Object> ids = List.of(added.special().getOrDefault(token, -1));
      tokens.put(token, Map.of("id", token, "ids", ids, "tokens", List.of(token)));
    }
    return Map.of(
        "type", "TemplateProcessing", "single", single, "pair", pair, "special_tokens", tokens);
  }

  private List<Object> sequence(String name, int type) {
    List<Object> parts = new ArrayList<>();
    if (facts.addBosToken()) {
      parts.add(Map.of("SpecialToken", Map.of("id", facts.bosToken(), "type_id", type)));
    }
    parts.add(Map.of("Sequence", Map.of("id", name, "type_id", type)));
    if (facts.addEosToken()) {
      parts.add(Map.of("SpecialToken", Map.of("id", facts.eosToken(), "type_id", type)));
    }
    return parts;
  }

  private static Map<String, Object> decoder() {
    return Map.of(
        "type",
        "Sequence",
        "decoders",
        List.of(
            BOUNDARY_TO_SPACE,
            Map.of("type", "ByteFallback"),
            Map.of("type", "Fuse"),
            Map.of("type", "Strip", "content", " ", "start", 1, "stop", 0)));
  }

  private void writeBpe(JsonGenerator json) throws IOException {
    json.writeStringField("type", "BPE");
    json.writeNullField("dropout");
    json.writeStringField("unk_token", facts.unkToken());
    json.writeNullField("continuing_subword_prefix");
    json.writeNullField("end_of_word_suffix");
    json.writeBooleanField("fuse_unk", true);
    json.writeBooleanField("byte_fallback", model.byteFallback());
    json.writeBooleanField("ignore_merges", false);
    json.writeObjectFieldStart("vocab");
    for (int id = 0; id < model.pieces().size(); id++) {
      json.writeNumberField(model.pieces().get(id).text(), id);
    }
    json.writeEndObject();
    json.writeArrayFieldStart("merges");
    for (BpeMerges.Merge merge : merges) {
      json.writeArray(new String[] {merge.left(), merge.right()}, 0, 2);
    }
    json.writeEndArray();
  }

  private void writeUnigram(JsonGenerator json) throws IOException {
    json.writeStringField("type", "Unigram");
    json.writeNumberField("unk_id", model.unkId());
    json.writeBooleanField("byte_fallback", model.byteFallback());
    json.writeArrayFieldStart("vocab");
    for (Piece piece : model.pieces()) {
      json.writeStartArray();
      json.writeString(piece.text());
      json.writeNumber(score(piece));
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  /**
   * SentencePiece never finds control, unknown and byte pieces in a text. It favours user-defined
   * symbols: measured with SentencePiece 0.2.2, they score 0.1 for each UTF-8 byte but the first.
   */
  private static double score(Piece piece) {
    return switch (piece.type()) {
      case NORMAL -> piece.score();
      case USER_DEFINED -> 0.1 * (piece.text().getBytes(StandardCharsets.UTF_8).length - 1);
      case UNKNOWN, CONTROL, BYTE -> 0;
    };
  }
}
