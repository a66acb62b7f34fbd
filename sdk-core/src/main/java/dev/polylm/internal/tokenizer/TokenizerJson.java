package dev.polylm.internal.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.polylm.PolyLmException;
import dev.polylm.internal.text.Quoted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a tokenizer.json says (the format of Hugging Face tokenizers 0.21), of the kinds that the
 * exporter writes: BPE or unigram from a SentencePiece model. Read in one pass.
 *
 * @param normalizer also told to the encoder
 * @param addedWords that every text is cut at before anything else happens to it
 */
public record TokenizerJson(
    Vocabulary vocabulary,
    TextNormalizer normalizer,
    PieceEncoder encoder,
    SymbolMatcher addedWords) {
  /** 256,000 pieces with their merges take 20 MB. */
  private static final long MAX_BYTES = 256L << 20;

  /** Names are not kept for later: most are pieces, which come once. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .build();

  /**
   * Reads the file.
   *
   * @param modelIds how many ids the model knows, perhaps more than there are pieces
   * @throws PolyLmException where it is missing, no tokenizer.json or of another kind
   */
  public static TokenizerJson read(Path file, int modelIds) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new PolyLmException(
            "has %d bytes, expected at most %d".formatted(Files.size(file), MAX_BYTES));
      }
      return parse(file, modelIds);
    } catch (JsonProcessingException e) {
      throw new PolyLmException(
          file + ": is no tokenizer.json: " + Quoted.of(e.getOriginalMessage()), e);
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
        throw new PolyLmException("is no tokenizer.json: expected an object");
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
