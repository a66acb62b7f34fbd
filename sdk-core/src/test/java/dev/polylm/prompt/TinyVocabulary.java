package dev.polylm.prompt;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polylm.model.TokenizerFacts;
import dev.polylm.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes and opens a BPE tokenizer.json of few pieces. */
public final class TinyVocabulary {
  private final List<String> pieces = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
  private final List<String> merges = new ArrayList<>();
  private final List<Map<String, Object>> added = new ArrayList<>();
  private Map<String, Object> normalizer = Map.of("type", "Sequence", "normalizers", List.of());
  private boolean bytes;
  private boolean bos;
  private boolean legacy;

  public TinyVocabulary() {
    pieces.forEach(piece -> added(piece, true));
  }

  public TinyVocabulary bytes() {
    bytes = true;
    for (int value = 0; value < 256; value++) {
      pieces.add("<0x%02X>".formatted(value));
    }
    return this;
  }

  public TinyVocabulary characters(String characters) {
    characters.codePoints().mapToObj(Character::toString).forEach(pieces::add);
    return this;
  }

  /** Pairs that become one piece, the first of them first: {@code "u s"}. */
  public TinyVocabulary merges(String... pairs) {
    for (String pair : pairs) {
      merges.add(pair);
      pieces.add(pair.replace(" ", ""));
    }
    return this;
  }

  public TinyVocabulary special(String token) {
    pieces.add(token);
    added(token, true);
    return this;
  }

  public TinyVocabulary userDefined(String symbol) {
    pieces.add(symbol);
    added(symbol, false);
    return this;
  }

  public TinyVocabulary addsBos() {
    bos = true;
    return this;
  }

  public TinyVocabulary legacy() {
    legacy = true;
    return this;
  }

  /** Normalization makes one of {@code to} of each {@code from}. */
  public TinyVocabulary normalizes(String from, String to) {
    String blob = Base64.getEncoder().encodeToString(charsMap(from, to));
    Map<String, Object> step = Map.of("type", "Precompiled", "precompiled_charsmap", blob);
    normalizer = Map.of("type", "Sequence", "normalizers", List.of(step));
    return this;
  }

  private void added(String token, boolean special) {
    added.add(
        Map.of(
            "id",
            pieces.indexOf(token),
            "content",
            token,
            "special",
            special,
            "normalized",
            false));
  }

  /** A double-array trie of one rule: each unit's children begin at the next multiple of 256. */
  private static byte[] charsMap(String from, String to) {
    byte[] path = from.getBytes(StandardCharsets.UTF_8);
    byte[] replacement = to.getBytes(StandardCharsets.UTF_8);
    int trieBytes = Integer.BYTES * 256 * (path.length + 2);
    ByteBuffer blob =
        ByteBuffer.allocate(Integer.BYTES + trieBytes + replacement.length + 1)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(trieBytes);
    int node = 0;
    int label = 0;
    for (int i = 0; i <= path.length; i++) {
      int children = 256 * (i + 1);
      int leaf = i == path.length ? 1 << 8 : 0;
      blob.putInt(Integer.BYTES * (node + 1), ((node ^ children) << 10) | leaf | label);
      label = i == path.length ? 0 : Byte.toUnsignedInt(path[i]);
      node = children ^ label;
    }
    blob.putInt(Integer.BYTES * (node + 1), 1 << 31);
    blob.put(Integer.BYTES + trieBytes, replacement);
    return blob.array();
  }

  public Tokenizer open(Path directory) throws IOException {
    Map<String, Integer> vocabulary = new LinkedHashMap<>();
    pieces.forEach(piece -> vocabulary.put(piece, vocabulary.size()));
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("type", "BPE");
    model.put("unk_token", "<unk>");
    model.put("byte_fallback", bytes);
    model.put("vocab", vocabulary);
    model.put("merges", merges);
    Path file = directory.resolve("tokenizer.json");
    Files.write(
        file,
        new ObjectMapper()
            .writeValueAsBytes(
                Map.of("added_tokens", added, "normalizer", normalizer, "model", model)));
    return Tokenizer.open(file, new TokenizerFacts(legacy, bos, false, "<unk>", "<s>", "</s>"));
  }
}
