package dev.polylm.export.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.google.protobuf.ByteString;
import dev.polylm.PolyLmException;
import dev.polylm.export.tokenizer.BpeMerges.Merge;
import dev.polylm.export.tokenizer.SentencePieceModel.Piece;
import dev.polylm.export.tokenizer.SentencePieceModel.PieceType;
import dev.polylm.export.tokenizer.TokenizerFile.AddedToken;
import dev.polylm.export.untrusted.JsonFile;
import dev.polylm.internal.untrusted.JsonProblem;
import dev.polylm.internal.untrusted.Quoted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Reads a checkpoint's tokenizer.json, the format of Hugging Face tokenizers 0.15 to 0.23. Most of
 * the file are merges; they become pairs of the same objects as the pieces.
 */
final class TokenizerFileReader {
  /** 256,000 pieces with their merges take 40 MB with line breaks. */
  private static final long MAX_BYTES = 256L << 20;

  private static final int MAX_PIECES = 2_000_000;
  private static final int MAX_MERGES = 8_000_000;
  private static final int MAX_ADDED = 100_000;
  private static final String BYTE_PIECE = "<0x[0-9A-F]{2}>";

  /**
   * Settings of the model that are always the same for LlamaTokenizer. Absent or null means the
   * default.
   */
  private static final Map<String, Set<String>> EXPECTED =
      new TreeMap<>(
          Map.of(
              "dropout", Set.of("null", "0.0"),
              "continuing_subword_prefix", Set.of("null", "\"\""),
              "end_of_word_suffix", Set.of("null", "\"\""),
              "ignore_merges", Set.of("null", "false"),
              "fuse_unk", Set.of("true")));

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(50)
                          .maxNameLength(10_000)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                  .build())
          .build();

  private final Path file;
  private final String unkToken;
  private final Map<String, JsonNode> sections = new HashMap<>();
  private final Map<String, JsonNode> settings = new HashMap<>();
  private final Map<String, Integer> ids = new HashMap<>();
  private final Map<String, String> pieces = new HashMap<>();
  private final List<Float> scores = new ArrayList<>();
  private final List<Merge> merges = new ArrayList<>();

  private TokenizerFileReader(Path file, String unkToken) {
    this.file = file;
    this.unkToken = unkToken;
  }

  /**
   * Reads the file.
   *
   * @param unkToken the piece for text that no other piece has, which transformers 5 doesn't name
   *     in this file
   * @throws PolyLmException if it is not a tokenizer.json, or is not in one of LlamaTokenizer's
   *     forms
   */
  static TokenizerFile read(Path file, String unkToken) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new PolyLmException(
            "has %s bytes, expected at most %s".formatted(Files.size(file), MAX_BYTES));
      }
      TokenizerFileReader reader = new TokenizerFileReader(file, unkToken);
      // Merges consist of the pieces, which may come after them in the file.
      reader.readSections(false);
      reader.readSections(true);
      return reader.tokenizer();
    } catch (JsonProcessingException e) {
      throw new PolyLmException(file + ": is not a tokenizer.json: " + JsonProblem.of(e), e);
    } catch (IOException e) {
      throw new PolyLmException(file + ": can't be read: " + e, e);
    } catch (PolyLmException e) {
      throw new PolyLmException(file + ": " + e.getMessage(), e);
    }
  }

  private void readSections(boolean mergesOnly) throws IOException {
    try (JsonParser parser = JSON.createParser(file.toFile())) {
      require(
          parser.nextToken() == JsonToken.START_OBJECT,
          () -> "is not a tokenizer.json: expected an object");
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        if (name.equals("model")) {
          readModel(parser, mergesOnly);
        } else if (mergesOnly) {
          parser.skipChildren();
        } else {
          sections.put(name, JSON.readTree(parser));
        }
      }
    }
  }

  private void readModel(JsonParser parser, boolean mergesOnly) throws IOException {
    require(parser.currentToken() == JsonToken.START_OBJECT, () -> "model: is not an object");
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken begin = parser.nextToken();
      if (name.equals("merges") && mergesOnly) {
        readMerges(parser);
      } else if (mergesOnly || name.equals("merges")) {
        parser.skipChildren();
      } else if (name.equals("vocab") && begin == JsonToken.START_OBJECT) {
        readNumbered(parser);
      } else if (name.equals("vocab") && begin == JsonToken.START_ARRAY) {
        readScored(parser);
      } else {
        settings.put(name, JSON.readTree(parser));
      }
    }
  }

  /** BPE: {@code {"<unk>": 0, ...}}. */
  private void readNumbered(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String piece = parser.currentName();
      parser.nextToken();
      addPiece(piece, parser.getIntValue());
    }
  }

  /** Unigram: {@code [["<unk>", 0.0], ...]}, where the place is the id. */
  private void readScored(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.START_ARRAY) {
      require(parser.nextToken() == JsonToken.VALUE_STRING, () -> "model: vocab has no pairs");
      addPiece(parser.getText(), ids.size());
      parser.nextToken();
      scores.add(parser.getFloatValue());
      require(parser.nextToken() == JsonToken.END_ARRAY, () -> "model: vocab has no pairs");
    }
  }

  private void addPiece(String piece, int id) {
    require(ids.size() < MAX_PIECES, () -> "model: has more than %s pieces".formatted(MAX_PIECES));
    require(
        ids.put(piece, id) == null,
        () -> "model: piece \"%s\" occurs twice".formatted(Quoted.of(piece)));
    pieces.put(piece, piece);
  }

  /** {@code ["a", "b"]}, or {@code "a b"} before tokenizers 0.20. */
  private void readMerges(JsonParser parser) throws IOException {
    require(parser.currentToken() == JsonToken.START_ARRAY, () -> "model: merges are not a list");
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      require(
          merges.size() < MAX_MERGES, () -> "model: has more than %s merges".formatted(MAX_MERGES));
      if (parser.currentToken() == JsonToken.START_ARRAY) {
        String left = parser.nextTextValue();
        String right = parser.nextTextValue();
        require(parser.nextToken() == JsonToken.END_ARRAY, () -> "model: a merge is not a pair");
        addMerge(left, right);
      } else {
        String[] pair = parser.getText().split(" ", -1);
        require(pair.length == 2, () -> "model: a merge is not a pair");
        addMerge(pair[0], pair[1]);
      }
    }
  }

  private void addMerge(String left, String right) {
    String leftPiece = pieces.get(left);
    String rightPiece = pieces.get(right);
    if (leftPiece == null || rightPiece == null || !pieces.containsKey(left + right)) {
      throw new PolyLmException(
          "model: merge %s, of \"%s\" and \"%s\", does not form a piece from two pieces"
              .formatted(merges.size(), Quoted.of(left + ""), Quoted.of(right + "")));
    }
    merges.add(new Merge(leftPiece, rightPiece));
  }

  private TokenizerFile tokenizer() {
    String type = settings.getOrDefault("type", NullNode.instance).asText();
    boolean bpe = type.equals("BPE");
    require(
        bpe || type.equals("Unigram"),
        () ->
            "model: is of type %s, expected BPE or Unigram, as LlamaTokenizer has it"
                .formatted(Quoted.of(type)));
    require(
        bpe == scores.isEmpty(),
        () -> "model: vocab does not have the form of type %s has".formatted(type));
    if (bpe) {
      checkSettings();
    }
    List<AddedToken> added = added();
    SentencePieceModel model = model(bpe, added);
    PieceRules.check(model);
    return new TokenizerFile(
        model,
        merges,
        added,
        section("normalizer"),
        section("pre_tokenizer"),
        section("post_processor"));
  }

  private JsonNode section(String name) {
    return sections.getOrDefault(name, NullNode.instance);
  }

  private void checkSettings() {
    EXPECTED.forEach(
        (name, expected) -> {
          String found = settings.getOrDefault(name, NullNode.instance).toString();
          require(
              expected.contains(found),
              () ->
                  "model: %s is %s, which LlamaTokenizer never has"
                      .formatted(name, Quoted.of(found)));
        });
  }

  private List<AddedToken> added() {
    JsonNode section = section("added_tokens");
    require(
        section.size() <= MAX_ADDED, () -> "has more than %s added_tokens".formatted(MAX_ADDED));
    List<AddedToken> added = new ArrayList<>();
    for (JsonNode token : section) {
      String content = SpecialTokens.content("added_tokens", token);
      JsonNode id = token.path("id");
      require(
          id.isInt(),
          () -> "added token \"%s\" has id %s".formatted(Quoted.of(content), JsonFile.shown(id)));
      added.add(new AddedToken(content, id.intValue(), token.path("special").asBoolean()));
    }
    return added;
  }

  private SentencePieceModel model(boolean bpe, List<AddedToken> added) {
    JsonNode unk = settings.getOrDefault("unk_token", NullNode.instance);
    require(
        unk.isNull() || unk.asText().equals(unkToken),
        () -> "model: unk_token is %s, expected \"%s\"".formatted(JsonFile.shown(unk), unkToken));
    boolean bytes = settings.getOrDefault("byte_fallback", NullNode.instance).asBoolean();
    Set<String> special = new HashSet<>();
    added.stream().filter(AddedToken::special).forEach(token -> special.add(token.content()));
    Piece[] byId = new Piece[ids.size()];
    ids.forEach(
        (piece, id) -> {
          require(
              id >= 0 && id < byId.length && byId[id] == null,
              () ->
                  "model: piece \"%s\" has id %s, expected each of 0 to %s once"
                      .formatted(Quoted.of(piece), id, byId.length - 1));
          byId[id] = new Piece(piece, bpe ? 0 : scores.get(id), type(piece, bytes, special));
        });
    return new SentencePieceModel(bpe, List.of(byId), bytes, ByteString.EMPTY, false);
  }

  private PieceType type(String piece, boolean bytes, Set<String> special) {
    if (piece.equals(unkToken)) {
      return PieceType.UNKNOWN;
    }
    if (bytes && piece.matches(BYTE_PIECE)) {
      return PieceType.BYTE;
    }
    return special.contains(piece) ? PieceType.CONTROL : PieceType.NORMAL;
  }

  private static void require(boolean holds, Supplier<String> sentence) {
    if (!holds) {
      throw new PolyLmException(sentence.get());
    }
  }
}
