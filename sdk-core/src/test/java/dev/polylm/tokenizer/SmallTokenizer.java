package dev.polylm.tokenizer;

import dev.polylm.model.TokenizerFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A BPE tokenizer.json of a few pieces: three special tokens, 256 bytes, then {@link #PIECES}. */
final class SmallTokenizer {
  static final TokenizerFacts FACTS = new TokenizerFacts(false, true, true, "<unk>", "<s>", "</s>");

  private static final int FIRST_BYTE = 3;
  private static final int FIRST_PIECE = FIRST_BYTE + 256;
  private static final List<String> PIECES =
      List.of("▁", "a", "b", "/", "s", "<", ">", "▁a", "▁b", "ab", "▁ab", "▁▁x", "🙂");

  private SmallTokenizer() {}

  static String json() {
    List<String> pieces = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    IntStream.range(0, 256).mapToObj("<0x%02X>"::formatted).forEach(pieces::add);
    pieces.addAll(PIECES);
    String vocabulary =
        IntStream.range(0, pieces.size())
            .mapToObj(id -> "\"%s\": %d".formatted(pieces.get(id), id))
            .collect(Collectors.joining(", "));
    return """
    {"version": "1.0", "added_tokens": [%s, %s, %s], "normalizer": {"type": "Sequence", "normalizers": []},
     "truncation": {"max_length": 4}, "post_processor": null,
     "model": {"type": "BPE", "unk_token": "<unk>", "byte_fallback": true, "vocab": {%s},
               "merges": [["▁", "a"], ["▁", "b"], ["a", "b"], ["▁", "ab"], ["▁a", "b"]]}}
    """
        .formatted(special(0, "<unk>"), special(1, "<s>"), special(2, "</s>"), vocabulary);
  }

  private static String special(int id, String content) {
    return "{\"id\": %d, \"content\": \"%s\", \"normalized\": false, \"special\": true}"
        .formatted(id, content);
  }

  static Tokenizer open(Path folder) throws IOException {
    return open(folder, FACTS);
  }

  static Tokenizer open(Path folder, TokenizerFacts facts) throws IOException {
    return open(folder, facts, json());
  }

  static Tokenizer open(Path folder, TokenizerFacts facts, String json) throws IOException {
    return Tokenizer.open(Files.writeString(folder.resolve("tokenizer.json"), json), facts);
  }

  /** The id of a piece. */
  static int id(String piece) {
    return FIRST_PIECE + PIECES.indexOf(piece);
  }

  /** The ids of bytes. */
  static int[] bytes(int... values) {
    return IntStream.of(values).map(value -> FIRST_BYTE + value).toArray();
  }
}
