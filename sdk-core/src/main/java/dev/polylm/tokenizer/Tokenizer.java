package dev.polylm.tokenizer;

import dev.polylm.PolyLmException;
import dev.polylm.internal.tokenizer.LlamaEncoder;
import dev.polylm.internal.tokenizer.TextLimit;
import dev.polylm.internal.tokenizer.TokenizerJson;
import dev.polylm.internal.tokenizer.Vocabulary;
import dev.polylm.internal.untrusted.Quoted;
import dev.polylm.model.TokenizerFacts;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/**
 * Converts text to ids and back. Ids and texts are exactly those of Hugging Face's slow
 * LlamaTokenizer (transformers v4.57.6), or those of transformers 5 if the model's manifest says
 * {@code metaspace}.
 *
 * <pre>{@code
 * Tokenizer tokenizer = polyLm.tokenizer();
 * int[] ids = tokenizer.encode("Hello");
 * System.out.println(tokenizer.pieces(ids) + " " + tokenizer.decode(ids));
 * }</pre>
 *
 * <p>No text is ever cut: {@link #checkFits} refuses a text that is too long before it is encoded.
 * A text with half of a surrogate pair is refused, because that is not a character. Thread-safe.
 * Encoding takes time in proportion to the length of the text. If a process encodes more than a
 * million characters at once, texts wait for one another.
 *
 * <p>A tokenizer holds no native memory. After {@link #close}, calls fail with a {@link
 * PolyLmException}, as they do for a closed model. Nothing leaks if it isn't called.
 */
public final class Tokenizer implements AutoCloseable {
  private final TokenizerFacts facts;
  private final TokenizerJson json;
  private final Vocabulary vocabulary;
  private final LlamaEncoder encoder;
  private final TextLimit limit;
  private final AtomicBoolean closed;
  private final int bosTokenId;
  private final int eosTokenId;

  private Tokenizer(
      TokenizerFacts facts, TokenizerJson json, TextLimit limit, AtomicBoolean closed) {
    this.facts = facts;
    this.json = json;
    this.vocabulary = json.vocabulary();
    this.limit = limit;
    this.closed = closed;
    this.bosTokenId = specialId("bosToken", facts.bosToken());
    this.eosTokenId = specialId("eosToken", facts.eosToken());
    if (specialId("unkToken", facts.unkToken()) != unkTokenId()) {
      throw new PolyLmException(
          "unkToken is \"%s\", expected the model's unknown piece \"%s\""
              .formatted(Quoted.of(facts.unkToken()), Quoted.of(vocabulary.piece(unkTokenId()))));
    }
    this.encoder = new LlamaEncoder(json, facts);
  }

  /**
   * Opens a tokenizer that the exporter wrote.
   *
   * @param tokenizerJson the file tokenizer.json
   * @param facts the tokenizer's facts in the model's manifest
   * @throws PolyLmException if the file is missing, broken or of another kind, or lacks a token
   *     that the facts name
   */
  public static Tokenizer open(Path tokenizerJson, TokenizerFacts facts) {
    return opened(tokenizerJson, facts, 0);
  }

  /**
   * Opens a tokenizer for a model whose vocabulary may be padded; see {@link #open(Path,
   * TokenizerFacts)}. Ids without a piece are not an error: they decode to nothing.
   *
   * @param modelVocabSize how many ids the model knows
   */
  public static Tokenizer open(Path tokenizerJson, TokenizerFacts facts, int modelVocabSize) {
    if (modelVocabSize < 1) {
      throw new PolyLmException(
          "the model's vocabulary has %s ids, expected at least 1".formatted(modelVocabSize));
    }
    return opened(tokenizerJson, facts, modelVocabSize);
  }

  private static Tokenizer opened(Path tokenizerJson, TokenizerFacts facts, int modelVocabSize) {
    TokenizerJson json = TokenizerJson.read(tokenizerJson, modelVocabSize);
    try {
      return new Tokenizer(facts, json, new TextLimit(json), new AtomicBoolean());
    } catch (PolyLmException e) {
      throw new PolyLmException(tokenizerJson + ": " + e.getMessage(), e);
    }
  }

  /**
   * Returns the same tokenizer with LlamaTokenizer's {@code legacy} on or off. Both share one
   * vocabulary: closing either closes both.
   */
  public Tokenizer withLegacy(boolean legacy) {
    TokenizerFacts changed =
        new TokenizerFacts(
            legacy,
            facts.metaspace(),
            facts.addBosToken(),
            facts.addEosToken(),
            facts.unkToken(),
            facts.bosToken(),
            facts.eosToken());
    return new Tokenizer(changed, json, limit, closed);
  }

  /** Returns the number of pieces. Their ids are 0 to vocabSize - 1. */
  public int vocabSize() {
    return vocabulary.size();
  }

  /** Returns the id of the piece for characters that the vocabulary lacks. */
  public int unkTokenId() {
    return vocabulary.unkId();
  }

  /** Returns the id of the beginning-of-sequence token. */
  public int bosTokenId() {
    return bosTokenId;
  }

  /** Returns the id of the end-of-sequence token. */
  public int eosTokenId() {
    return eosTokenId;
  }

  /**
   * Refuses a text that has too many characters for a number of ids. This takes a fraction of the
   * time of {@link #encode}. A text that passes may still have too many ids.
   *
   * @param maxIds how many ids the text may have, such as a model's context
   * @throws PolyLmException if the text certainly has more ids than that
   */
  public void checkFits(String text, int maxIds) {
    checkFits(List.of(new TextPart(text, false)), maxIds);
  }

  /** Refuses a prompt whose parts have too many characters; see {@link #checkFits(String, int)}. */
  public void checkFits(List<TextPart> parts, int maxIds) {
    limit.check(parts.stream().map(TextPart::text).toList(), maxIds);
  }

  /**
   * Returns the ids of an untrusted text. Special tokens in it, such as {@code </s>}, are plain
   * text. Neither bos nor eos is added.
   */
  public int[] encode(String text) {
    return encode(List.of(new TextPart(text, false)), false);
  }

  /**
   * Returns the ids of a trusted text. Special tokens in it are parsed. Neither bos nor eos is
   * added.
   */
  public int[] encodeTrusted(String text) {
    return encode(List.of(new TextPart(text, true)), false);
  }

  /**
   * Returns the ids of a prompt, with bos before and eos after it if the model's tokenizer says so.
   *
   * @param trusted true if special tokens in the text are parsed
   */
  public int[] encodePrompt(String text, boolean trusted) {
    return encodePrompt(List.of(new TextPart(text, trusted)));
  }

  /**
   * Returns the ids of a prompt of trusted and untrusted parts, with bos before and eos after it if
   * the model's tokenizer says so. Except for special tokens in untrusted parts, they are the ids
   * of the joined text.
   */
  public int[] encodePrompt(List<TextPart> parts) {
    IntStream.Builder ids = IntStream.builder();
    if (facts.addBosToken()) {
      ids.add(bosTokenId);
    }
    Arrays.stream(encode(parts, false)).forEach(ids);
    if (facts.addEosToken()) {
      ids.add(eosTokenId);
    }
    return ids.build().toArray();
  }

  /**
   * Returns the ids of parts that continue a text whose ids are known. Nothing is added before or
   * after them, not even the space that begins a text.
   */
  public int[] encodeContinuation(List<TextPart> parts) {
    return encode(parts, true);
  }

  private int[] encode(List<TextPart> parts, boolean goesOn) {
    checkOpen();
    long chars = parts.stream().mapToLong(part -> part.text().length()).sum();
    return limit.share(
        chars,
        () -> {
          LlamaEncoder.Run run = encoder.begin(goesOn);
          parts.forEach(part -> run.add(part.text(), part.trusted()));
          return run.ids();
        });
  }

  /**
   * Returns the ids that spell a text in the smallest pieces of the vocabulary: its UTF-8 bytes, or
   * its characters if the vocabulary has no byte pieces. They decode to the text. For more than one
   * character, {@link #encode} returns other ids.
   *
   * @throws PolyLmException if the vocabulary has neither byte pieces nor one of the characters
   */
  public int[] smallestPieces(String text) {
    return vocabulary.smallestPieces(text);
  }

  /**
   * Returns the UTF-8 bytes that an id adds to a text: one byte for a byte piece, nothing for a
   * special token or an id without a piece, and for any other piece its bytes with a space for each
   * {@code ▁}.
   *
   * @throws PolyLmException if the id is outside the vocabulary
   */
  public byte[] bytes(int id) {
    return vocabulary.bytes(id);
  }

  /**
   * Returns the pieces of ids as the vocabulary spells them: {@code ▁Hello}, {@code <0x0A>}, {@code
   * </s>}. An id without a piece has an empty text.
   *
   * @throws PolyLmException if an id is outside the vocabulary
   */
  public List<String> pieces(int[] ids) {
    checkOpen();
    return Arrays.stream(ids).mapToObj(vocabulary::piece).toList();
  }

  /**
   * Returns the text of ids. Special tokens are skipped, and spaces are not cleaned up ({@code
   * LlamaTokenizer.decode} with {@code skip_special_tokens=True} and {@code
   * clean_up_tokenization_spaces=False}).
   *
   * @throws PolyLmException if an id is outside the vocabulary
   */
  public String decode(int[] ids) {
    StreamingDecoder decoder = streamingDecoder();
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      decoder.accept(id, text);
    }
    decoder.finish(text);
    return text.toString();
  }

  /** Returns a decoder for one sequence of ids that come one at a time. */
  public StreamingDecoder streamingDecoder() {
    checkOpen();
    boolean dropsAllLeading = json.normalizer().removesExtraWhitespaces();
    return new StreamingDecoder(vocabulary, facts.legacy() || dropsAllLeading, dropsAllLeading);
  }

  /** Closes the tokenizer: later calls fail. Closing it again has no effect. */
  @Override
  public void close() {
    closed.set(true);
  }

  private void checkOpen() {
    if (closed.get()) {
      throw new PolyLmException("the tokenizer is closed");
    }
  }

  private int specialId(String name, String token) {
    Integer id = vocabulary.specialIds().get(token);
    if (id == null) {
      throw new PolyLmException(
          "%s is \"%s\", expected a special token of the vocabulary: %s"
              .formatted(name, Quoted.of(token), Quoted.of(vocabulary.specialIds().keySet())));
    }
    return id;
  }
}
