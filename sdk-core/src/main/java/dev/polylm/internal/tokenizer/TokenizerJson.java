package dev.polylm.internal.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.polylm.PolyLmException;
import dev.polylm.internal.untrusted.JsonProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The contents of a tokenizer.json (the format of Hugging Face tokenizers 0.21), of the kinds that
 * the exporter writes: BPE or unigram from a SentencePiece model. It is read in one pass.
 *
 * @param normalizer the normalizer, which the encoder needs too
 * @param addedWords the words at which every text is cut first
 */
public record TokenizerJson(
    Vocabulary vocabulary,
    TextNormalizer normalizer,
    PieceEncoder encoder,
    SymbolMatcher addedWords) {
  /** 256,000 pieces with their merges take 20 MB. */
  private static final long MAX_BYTES = 256L << 20;

  /** Names are not cached: most are pieces, which occur once. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .build();

  /**
   * Reads the file.
   *
   * @param modelIds how many ids the model knows, which may be more than the pieces
   * @throws PolyLmException if the file is missing, is not a tokenizer.json, or is of another kind
   */
  public static TokenizerJson read(Path file, int modelIds) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new PolyLmException(
            "has %s bytes, expected at most %s".formatted(Files.size(file), MAX_BYTES));
      }
      return parse(file, modelIds);
    } catch (JsonProcessingException e) {
      throw new PolyLmException(file + ": is not a tokenizer.json: " + JsonProblem.of(e), e);
    } catch (IOException e) {
      throw new PolyLmException(file + ": can't be read: " + e, e);
    } catch (PolyLmException e) {
      throw new PolyLmException(file + ": " + e.getMessage(), e);
    }
  }

  private static TokenizerJson parse(Path file, int modelIds) throws IOException {
    AddedTokens added = new AddedTokens();
    NormalizerSection normalizer = new NormalizerSection();
    ModelSection model = null;
    try (JsonParser parser = JSON.createParser(file.toFile())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new PolyLmException("is not a tokenizer.json: expected an object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        switch (name) {
          case "added_tokens" -> added.read(parser);
          case "normalizer" -> normalizer.read(parser);
          case "model" -> model = ModelSection.read(parser);
          default -> parser.skipChildren();
        }
      }
    }
    return joined(model, added, normalizer, modelIds);
  }

  private static TokenizerJson joined(
      @Nullable ModelSection model, AddedTokens added, NormalizerSection normalizer, int modelIds) {
    if (model == null) {
      throw new PolyLmException("has no model, expected one of type BPE or Unigram");
    }
    PieceTable pieces = model.pieces();
    added.addTo(pieces);
    int ids = Math.max(modelIds, pieces.size());
    Vocabulary vocabulary =
        new Vocabulary(pieces, added.kinds(), model.unkId(), model.byteFallback(), ids);
    SymbolMatcher userDefined = new SymbolMatcher(added.userDefined());
    TextNormalizer textNormalizer = normalizer.normalizer(userDefined);
    PieceEncoder encoder =
        new PieceEncoder(
            vocabulary,
            textNormalizer,
            model.isBpe()
                ? userDefined
                : new SymbolMatcher(Map.of()), // unigram's scores favour them
            model.segmenter(vocabulary));
    return new TokenizerJson(vocabulary, textNormalizer, encoder, new SymbolMatcher(added.words()));
  }
}
