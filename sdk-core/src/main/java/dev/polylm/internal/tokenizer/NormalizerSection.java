package dev.polylm.internal.tokenizer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.polylm.PolyLmException;
import dev.polylm.internal.untrusted.Quoted;
import java.io.IOException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The {@code normalizer} of a tokenizer.json: one step, or a sequence of steps. */
final class NormalizerSection {
  private @Nullable CharsMap charsMap;
  private boolean removeExtraWhitespaces;

  void read(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_NULL) {
      readStep(parser, true);
    }
  }

  private void readStep(JsonParser parser, boolean mayBeSequence) throws IOException {
    JsonFields.object(parser, "normalizer");
    String type = "";
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "type" -> type = JsonFields.text(parser, "normalizer: type");
        case "precompiled_charsmap" -> charsMap = charsMap(parser);
        case "normalizers" -> readSteps(parser, mayBeSequence);
        default -> parser.skipChildren();
      }
    }
    take(type, mayBeSequence);
  }

  private void readSteps(JsonParser parser, boolean allowed) throws IOException {
    if (!allowed) {
      throw new PolyLmException("normalizer: has a sequence within a sequence");
    }
    JsonFields.array(parser, "normalizer: normalizers");
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      readStep(parser, false);
    }
  }

  /** Takes a step of a type. Replace belongs to Strip: it turns a run of spaces into one. */
  private void take(String type, boolean mayBeSequence) {
    boolean known =
        switch (type) {
          case "Precompiled", "Strip", "Replace" -> true;
          case "Sequence" -> mayBeSequence;
          default -> false;
        };
    if (!known) {
      throw new PolyLmException(
          "normalizer: has the step {\"type\":\"%s\"}, expected Precompiled, Strip or Replace"
              .formatted(Quoted.of(type)));
    }
    removeExtraWhitespaces |= type.equals("Strip");
  }

  private static CharsMap charsMap(JsonParser parser) throws IOException {
    String text = JsonFields.text(parser, "normalizer: precompiled_charsmap");
    try {
      return new CharsMap(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      throw new PolyLmException("normalizer: precompiled_charsmap is not base64", e);
    }
  }

  TextNormalizer normalizer(SymbolMatcher userDefined) {
    return new TextNormalizer(charsMap, removeExtraWhitespaces, userDefined);
  }
}
