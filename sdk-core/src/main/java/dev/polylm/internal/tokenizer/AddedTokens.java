package dev.polylm.internal.tokenizer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.polylm.PolyLmException;
import dev.polylm.internal.tokenizer.Vocabulary.Kind;
import dev.polylm.internal.untrusted.Quoted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The {@code added_tokens} of a tokenizer.json. A token that is special and not normalized is
 * parsed in trusted text. A token that is special and normalized is a SentencePiece control symbol
 * that the checkpoint does not name. A token that is not special is a SentencePiece user-defined
 * symbol, or, if it is normalized, a word that was added to the tokenizer.
 */
final class AddedTokens {
  private static final int MAX_TOKENS = 1 << 16;

  private final List<Token> tokens = new ArrayList<>();

  private record Token(int id, String content, boolean special, boolean normalized) {}

  void read(JsonParser parser) throws IOException {
    JsonFields.array(parser, "added_tokens");
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (tokens.size() == MAX_TOKENS) {
        throw new PolyLmException("added_tokens: has more than %s tokens".formatted(MAX_TOKENS));
      }
      JsonFields.object(parser, "added_tokens: token " + tokens.size());
      tokens.add(token(parser));
    }
  }

  private static Token token(JsonParser parser) throws IOException {
    int id = -1;
    String content = "";
    boolean special = false;
    boolean normalized = false;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "id" -> id = JsonFields.integer(parser, "added_tokens: id");
        case "content" -> content = JsonFields.text(parser, "added_tokens: content");
        case "special" -> special = JsonFields.flag(parser, "added_tokens: special");
        case "normalized" -> normalized = JsonFields.flag(parser, "added_tokens: normalized");
        default -> parser.skipChildren();
      }
    }
    return new Token(id, content, special, normalized);
  }

  /**
   * Adds the tokens after the pieces, and arranges them all.
   *
   * @throws PolyLmException if a token occurs twice, has the id of another piece, or has an id
   *     beyond the next free one
   */
  void addTo(PieceTable pieces) {
    List<Token> known = new ArrayList<>();
    for (Token token : tokens) {
      if (token.id == pieces.size()) {
        add(token, pieces);
      } else {
        known.add(token);
      }
    }
    Set<Integer> ids = new HashSet<>();
    for (Token token : known) {
      if (token.id < 0 || pieces.trie().idOf(token.content) != token.id) {
        throw new PolyLmException(
            "added_tokens: \"%s\" has id %s, expected the id of a piece of that name or the next id, %s"
                .formatted(Quoted.of(token.content), token.id, pieces.size()));
      }
      if (!ids.add(token.id)) {
        throw new PolyLmException(
            "added_tokens: \"%s\" occurs twice".formatted(Quoted.of(token.content)));
      }
    }
    pieces.arrange();
  }

  private static void add(Token token, PieceTable pieces) {
    try {
      pieces.add(token.content, token.id);
    } catch (PolyLmException e) {
      throw new PolyLmException("added_tokens: " + e.getMessage(), e);
    }
  }

  /** Returns the kinds of the special tokens, by id. */
  Map<Integer, Kind> kinds() {
    Map<Integer, Kind> kinds = new HashMap<>();
    for (Token token : tokens) {
      if (token.special) {
        kinds.put(token.id, token.normalized ? Kind.CONTROL : Kind.SPECIAL);
      }
    }
    return kinds;
  }

  /** Returns the ids of the symbols at which a normalized text is cut, by content. */
  Map<String, Integer> userDefined() {
    return notSpecial(false);
  }

  /** Returns the ids of the words at which every text is cut first, by content. */
  Map<String, Integer> words() {
    return notSpecial(true);
  }

  private Map<String, Integer> notSpecial(boolean normalized) {
    Map<String, Integer> ids = new HashMap<>();
    for (Token token : tokens) {
      if (!token.special && token.normalized == normalized) {
        ids.put(token.content, token.id);
      }
    }
    return ids;
  }
}
