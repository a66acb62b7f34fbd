package dev.polylm.internal.tokenizer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.polylm.PolyLmException;
import dev.polylm.internal.untrusted.Quoted;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The {@code model} of a tokenizer.json, read in one pass. */
final class ModelSection {
  private final PieceTable pieces = new PieceTable();

  /** Log probabilities by id; empty for BPE. */
  private double[] scores = {};

  private String type = "";
  private int unkId = -1;
  private @Nullable String unkToken;
  private boolean byteFallback;
  private boolean numbered;
  private @Nullable Merges merges;

  private ModelSection() {}

  /**
   * @throws PolyLmException if the section is not of a kind that the exporter writes
   */
  static ModelSection read(JsonParser parser) throws IOException {
    try {
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw new PolyLmException("is not an object");
      }
      ModelSection section = new ModelSection();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        section.readField(name, parser);
      }
      section.check();
      return section;
    } catch (PolyLmException e) {
      throw new PolyLmException("model: " + e.getMessage(), e);
    }
  }

  private void readField(String name, JsonParser parser) throws IOException {
    switch (name) {
      case "type" -> type = JsonFields.text(parser, name);
      case "unk_id" -> unkId = JsonFields.integer(parser, name);
      case "unk_token" ->
          unkToken =
              parser.currentToken() == JsonToken.VALUE_NULL ? null : JsonFields.text(parser, name);
      case "byte_fallback" -> byteFallback = JsonFields.flag(parser, name);
      case "vocab" -> readVocabulary(parser);
      case "merges" -> readMerges(parser);
      default -> parser.skipChildren();
    }
  }

  PieceTable pieces() {
    return pieces;
  }

  boolean isBpe() {
    return type.equals("BPE");
  }

  int unkId() {
    return unkId;
  }

  boolean byteFallback() {
    return byteFallback;
  }

  private void readVocabulary(JsonParser parser) throws IOException {
    if (pieces.size() > 0) {
      throw new PolyLmException("vocab occurs twice");
    }
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      readScored(parser);
    } else if (parser.currentToken() == JsonToken.START_OBJECT) {
      readNumbered(parser);
    } else {
      throw new PolyLmException("vocab is neither an array nor an object");
    }
    pieces.arrange();
  }

  /**
   * Reads the pieces of a unigram model: {@code [["<unk>", 0.0], ...]}. The id is the place in the
   * list.
   */
  private void readScored(JsonParser parser) throws IOException {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      int id = pieces.size();
      try {
        readPair(parser, id);
      } catch (PolyLmException e) {
        throw new PolyLmException("vocab entry %s: %s".formatted(id, e.getMessage()), e);
      }
    }
    scores = Arrays.copyOf(scores, pieces.size());
  }

  private void readPair(JsonParser parser, int id) throws IOException {
    JsonFields.array(parser, "the pair");
    parser.nextToken();
    pieces.add(JsonFields.text(parser, "the piece"), id);
    parser.nextToken();
    if (id == scores.length) {
      scores = Arrays.copyOf(scores, Math.max(1 << 8, 2 * id));
    }
    scores[id] = JsonFields.number(parser, "the score");
    if (!Double.isFinite(scores[id]) || parser.nextToken() != JsonToken.END_ARRAY) {
      throw new PolyLmException("is not a pair of a piece and a score");
    }
  }

  /** Reads the pieces of a BPE model: {@code {"<unk>": 0, ...}}, in any order. */
  private void readNumbered(JsonParser parser) throws IOException {
    numbered = true;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String piece = parser.currentName();
      parser.nextToken();
      pieces.add(piece, JsonFields.integer(parser, "the id of a piece"));
    }
  }

  /**
   * Reads the merges of a BPE model: {@code [["a", "b"], ...]} or {@code ["a b", ...]}, in the
   * order of merging.
   */
  private void readMerges(JsonParser parser) throws IOException {
    JsonFields.array(parser, "merges");
    if (pieces.size() == 0) {
      throw new PolyLmException("merges come before vocab, expected them after it");
    }
    merges = new Merges(pieces.size());
    StringBuilder joined = new StringBuilder();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      joined.setLength(0);
      int border = readMerge(parser, joined);
      boolean leftKnown = pieces.trie().idOf(joined, border) != TextTrie.NONE;
      int id = pieces.trie().idOf(joined);
      if (!leftKnown || id == TextTrie.NONE || border == 0 || border == joined.length()) {
        throw new PolyLmException(
            "merges make \"%s\", expected two pieces that form a third"
                .formatted(Quoted.of(joined)));
      }
      merges.add(id, joined);
    }
  }

  /** Joins the two parts of a merge, and returns the start of the second part. */
  private static int readMerge(JsonParser parser, StringBuilder joined) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      joined.append(parser.getText());
      int space = joined.indexOf(" ");
      if (space < 0) {
        throw new PolyLmException("a merge is not a pair of two pieces");
      }
      joined.deleteCharAt(space);
      return space;
    }
    JsonFields.array(parser, "a merge");
    appendPart(parser, joined);
    int border = joined.length();
    appendPart(parser, joined);
    if (parser.nextToken() != JsonToken.END_ARRAY) {
      throw new PolyLmException("a merge has more than two parts");
    }
    return border;
  }

  private static void appendPart(JsonParser parser, StringBuilder joined) throws IOException {
    if (parser.nextToken() != JsonToken.VALUE_STRING) {
      throw new PolyLmException("a merge is not a pair of two pieces");
    }
    joined.append(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
  }

  private void check() {
    if (!isBpe() && !type.equals("Unigram")) {
      throw new PolyLmException(
          "is of type \"%s\", expected BPE or Unigram".formatted(Quoted.of(type)));
    }
    if (isBpe() != numbered) {
      throw new PolyLmException("vocab does not have the form of type " + type + " has");
    }
    if (isBpe()) {
      unkId = unkToken == null ? -1 : pieces.trie().idOf(unkToken);
    }
    if (unkId < 0 || unkId >= pieces.size()) {
      throw new PolyLmException("names no unknown piece among its " + pieces.size());
    }
  }

  /**
   * Returns the segmenter that cuts texts into the pieces.
   *
   * @throws PolyLmException if merges make a piece that no text may become
   */
  Segmenter segmenter(Vocabulary vocabulary) {
    if (!isBpe()) {
      return new UnigramSegmenter(vocabulary, scores);
    }
    Merges made = merges == null ? new Merges(pieces.size()) : merges;
    for (int id = 0; id < pieces.size(); id++) {
      if (made.rank(id) != TextTrie.NONE && !vocabulary.isInTexts(id)) {
        throw new PolyLmException(
            "model: merges make \"%s\", which is not part of a text"
                .formatted(Quoted.of(vocabulary.piece(id))));
      }
    }
    return new BpeSegmenter(vocabulary, made);
  }
}
