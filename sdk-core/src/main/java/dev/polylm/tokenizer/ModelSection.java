package dev.polylm.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.polylm.PolyLmException;
import dev.polylm.tokenizer.Vocabulary.Kind;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code model} of a tokenizer.json, read in one pass: its merges are copied, never parsed. */
final class ModelSection {
  private static final JsonFactory JSON = new JsonFactory();

  private final List<String> pieces = new ArrayList<>();

  /** Log probabilities by id; empty for BPE. */
  private final List<Double> scores = new ArrayList<>();

  private String type = "";
  private int unkId = -1;
  private @Nullable String unkToken;
  private boolean byteFallback;
  private String merges = "[]";

  private ModelSection() {}

  /**
   * @throws PolyLmException where the section is not of a kind that the exporter writes
   */
  static ModelSection read(JsonParser parser) throws IOException {
    ModelSection section = new ModelSection();
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new PolyLmException("model: is no object");
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "type" -> section.type = parser.getText();
        case "unk_id" -> section.unkId = parser.getIntValue();
        case "unk_token" -> section.unkToken = parser.getValueAsString();
        case "byte_fallback" -> section.byteFallback = parser.getBooleanValue();
        case "vocab" -> section.readVocabulary(parser);
        case "merges" -> section.merges = copy(parser);
        default -> parser.skipChildren();
      }
    }
    section.check();
    return section;
  }

  List<String> pieces() {
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
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      readScored(parser);
    } else if (parser.currentToken() == JsonToken.START_OBJECT) {
      readNumbered(parser);
    } else {
      throw new PolyLmException("model: vocab is neither an array nor an object");
    }
  }

  /** Unigram: {@code [["<unk>", 0.0], ...]}, the id being the place. */
  private void readScored(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.START_ARRAY) {
      parser.nextToken();
      pieces.add(parser.getText());
      parser.nextToken();
      scores.add(parser.getDoubleValue());
      if (parser.nextToken() != JsonToken.END_ARRAY) {
        throw new PolyLmException(
            "model: vocab entry %d is no pair of a piece and a score".formatted(pieces.size() - 1));
      }
    }
  }

  /** BPE: {@code {"<unk>": 0, ...}}, in any order. */
  private void readNumbered(JsonParser parser) throws IOException {
    List<String> names = new ArrayList<>();
    List<Integer> ids = new ArrayList<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      names.add(parser.currentName());
      parser.nextToken();
      ids.add(parser.getIntValue());
    }
    pieces.addAll(Collections.nCopies(names.size(), ""));
    for (int i = 0; i < names.size(); i++) {
      int id = ids.get(i);
      if (id < 0 || id >= names.size() || !pieces.get(id).isEmpty()) {
        throw new PolyLmException(
            "model: piece \"%s\" has id %d, expected each of 0 to %d once"
                .formatted(names.get(i), id, names.size() - 1));
      }
      pieces.set(id, names.get(i));
    }
  }

  private static String copy(JsonParser parser) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = JSON.createGenerator(text)) {
      generator.copyCurrentStructure(parser);
    }
    return text.toString();
  }

  private void check() {
    if (!isBpe() && !type.equals("Unigram")) {
      throw new PolyLmException(
          "model: is of type \"%s\", expected BPE or Unigram".formatted(type));
    }
    if (isBpe() != scores.isEmpty()) {
      throw new PolyLmException("model: vocab is of another form than type " + type + " has");
    }
    if (pieces.contains("")) {
      throw new PolyLmException("model: piece %d is empty".formatted(pieces.indexOf("")));
    }
    if (isBpe()) {
      unkId = unkToken == null ? -1 : pieces.indexOf(unkToken);
    }
    if (unkId < 0 || unkId >= pieces.size()) {
      throw new PolyLmException("model: names no unknown piece among its " + pieces.size());
    }
  }

  /**
   * A tokenizer.json of this model that takes normalized text as it is. Pieces that are not part of
   * texts are renamed to what no normalized text holds, a space, so that no text yields them; bytes
   * of unknown characters are the caller's to find.
   */
  String nativeJson(Vocabulary vocabulary) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("version", "1.0");
      json.writeArrayFieldStart("added_tokens");
      json.writeEndArray();
      json.writeObjectFieldStart("model");
      json.writeStringField("type", type);
      json.writeBooleanField("byte_fallback", false);
      if (isBpe()) {
        writeBpe(json, vocabulary);
      } else {
        writeUnigram(json, vocabulary);
      }
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a StringWriter takes everything", e);
    }
    return text.toString();
  }

  private void writeBpe(JsonGenerator json, Vocabulary vocabulary) throws IOException {
    json.writeStringField("unk_token", nativePiece(vocabulary, unkId));
    json.writeBooleanField("fuse_unk", true);
    json.writeObjectFieldStart("vocab");
    for (int id = 0; id < pieces.size(); id++) {
      json.writeNumberField(nativePiece(vocabulary, id), id);
    }
    json.writeEndObject();
    json.writeFieldName("merges");
    json.writeRawValue(merges);
  }

  private void writeUnigram(JsonGenerator json, Vocabulary vocabulary) throws IOException {
    json.writeNumberField("unk_id", unkId);
    json.writeArrayFieldStart("vocab");
    for (int id = 0; id < pieces.size(); id++) {
      json.writeStartArray();
      json.writeString(nativePiece(vocabulary, id));
      json.writeNumber(scores.get(id));
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  private String nativePiece(Vocabulary vocabulary, int id) {
    boolean inTexts = id != unkId && vocabulary.kind(id) == Kind.TEXT;
    return inTexts ? pieces.get(id) : " " + id;
  }
}
