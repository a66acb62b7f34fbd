package dev.polylm.tokenizer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.polylm.PolyLmException;
import dev.polylm.tokenizer.Vocabulary.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a tokenizer.json says (the format of Hugging Face tokenizers 0.21), of the kinds that the
 * exporter writes: BPE or unigram from a SentencePiece model.
 *
 * <p>An added token that is special and not normalized is parsed in trusted text; one that is
 * special and normalized is a SentencePiece control symbol that the checkpoint does not name; one
 * that is not special is a SentencePiece user-defined symbol, or where it is normalized a word that
 * was added to the tokenizer.
 *
 * @param userDefined symbols that a text is cut at before BPE; none for unigram, whose scores
 *     favour them
 * @param addedWords ids of words that every text is cut at, before anything else happens to it
 * @param nativeJson a tokenizer.json of the model alone, for text that is normalized and cut
 *     already
 */
record TokenizerJson(
    Vocabulary vocabulary,
    TextNormalizer normalizer,
    SymbolMatcher userDefined,
    Map<String, Integer> addedWords,
    String nativeJson) {
  /** 256,000 pieces with their merges take 20 MB. */
  private static final long MAX_BYTES = 256L << 20;

  private static final int BYTES = 256;
  private static final Pattern BYTE_PIECE = Pattern.compile("<0x[0-9A-F]{2}>");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * Reads the file.
   *
   * @throws PolyLmException where it is missing, no tokenizer.json or of another kind
   */
  static TokenizerJson read(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new PolyLmException(
            "has %d bytes, expected at most %d".formatted(Files.size(file), MAX_BYTES));
      }
      return parse(file);
    } catch (JsonProcessingException e) {
      throw new PolyLmException(file + ": is no tokenizer.json: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new PolyLmException(file + ": can't be read: " + e, e);
    } catch (PolyLmException e) {
      throw new PolyLmException(file + ": " + e.getMessage(), e);
    }
  }

  private static TokenizerJson parse(Path file) throws IOException {
    JsonNode added = JsonNodeFactory.instance.arrayNode();
    JsonNode normalizer = JsonNodeFactory.instance.nullNode();
    ModelSection model = null;
    try (JsonParser parser = JSON.createParser(file.toFile())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new PolyLmException("is no tokenizer.json: expected an object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        switch (name) {
          case "added_tokens" -> added = JSON.readTree(parser);
          case "normalizer" -> normalizer = JSON.readTree(parser);
          case "model" -> model = ModelSection.read(parser);
          default -> parser.skipChildren();
        }
      }
    }
    if (model == null) {
      throw new PolyLmException("has no model, expected one of type BPE or Unigram");
    }
    return joined(model, added, normalizer);
  }

  private static TokenizerJson joined(ModelSection model, JsonNode added, JsonNode normalizer) {
    List<String> pieces = new ArrayList<>(model.pieces());
    Map<String, Integer> userDefined = new HashMap<>();
    Map<String, Integer> addedWords = new HashMap<>();
    Kind[] kinds = kinds(model, added.size());
    for (JsonNode token : added) {
      int id = token.path("id").asInt(-1);
      String content = token.path("content").asText();
      if (id == pieces.size() && !content.isEmpty()) {
        pieces.add(content);
      } else if (id < 0 || id > pieces.size() || !pieces.get(id).equals(content)) {
        throw new PolyLmException(
            "added_tokens: \"%s\" has id %d, expected the id of a piece of that name or the next, %d"
                .formatted(content, id, pieces.size()));
      }
      boolean normalized = token.path("normalized").asBoolean();
      if (token.path("special").asBoolean()) {
        kinds[id] = normalized ? Kind.CONTROL : Kind.SPECIAL;
      } else {
        (normalized ? addedWords : userDefined).put(content, id);
      }
    }
    Vocabulary vocabulary =
        new Vocabulary(
            pieces, Arrays.copyOf(kinds, pieces.size()), model.unkId(), model.byteFallback());
    SymbolMatcher symbols = new SymbolMatcher(userDefined);
    return new TokenizerJson(
        vocabulary,
        normalizer(normalizer, symbols),
        model.isBpe() ? symbols : new SymbolMatcher(Map.of()),
        addedWords,
        model.nativeJson(vocabulary));
  }

  private static Kind[] kinds(ModelSection model, int more) {
    Kind[] kinds = new Kind[model.pieces().size() + more];
    Arrays.fill(kinds, Kind.TEXT);
    if (!model.byteFallback()) {
      return kinds;
    }
    int bytes = 0;
    for (int id = 0; id < model.pieces().size(); id++) {
      if (BYTE_PIECE.matcher(model.pieces().get(id)).matches()) {
        kinds[id] = Kind.BYTE;
        bytes++;
      }
    }
    if (bytes != BYTES) {
      throw new PolyLmException(
          "model: has byte_fallback and %d byte pieces, expected %d".formatted(bytes, BYTES));
    }
    return kinds;
  }

  private static TextNormalizer normalizer(JsonNode section, SymbolMatcher userDefined) {
    List<JsonNode> steps = new ArrayList<>();
    if (section.path("type").asText().equals("Sequence")) {
      section.path("normalizers").forEach(steps::add);
    } else if (!section.isNull()) {
      steps.add(section);
    }
    CharsMap charsMap = null;
    boolean removeExtraWhitespaces = false;
    for (JsonNode step : steps) {
      switch (step.path("type").asText()) {
        case "Precompiled" -> charsMap = charsMap(step);
        case "Strip" -> removeExtraWhitespaces = true;
        case "Replace" -> {
          // Goes with Strip: it makes a run of spaces one.
        }
        default ->
            throw new PolyLmException(
                "normalizer: has the step %s, expected Precompiled, Strip or Replace"
                    .formatted(step));
      }
    }
    return new TextNormalizer(charsMap, removeExtraWhitespaces, userDefined);
  }

  private static CharsMap charsMap(JsonNode step) {
    try {
      return new CharsMap(Base64.getDecoder().decode(step.path("precompiled_charsmap").asText()));
    } catch (IllegalArgumentException e) {
      throw new PolyLmException("normalizer: precompiled_charsmap is no base64", e);
    }
  }
}
