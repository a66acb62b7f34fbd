package dev.polylm.tokenizer;

import dev.polylm.PolyLmException;
import dev.polylm.internal.text.Quoted;
import dev.polylm.internal.tokenizer.LlamaEncoder;
import dev.polylm.internal.tokenizer.TextLimit;
import dev.polylm.internal.tokenizer.TokenizerJson;
import dev.polylm.internal.tokenizer.Vocabulary;
import dev.polylm.model.TokenizerFacts;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/**
 * Text to ids and back, id for id and character for character as Hugging Face's slow LlamaTokenizer
 * does it (transformers v4.57.6), or as transformers 5 does where the model's manifest says {@code
 * metaspace}.
 *
 * <pre>{@code
 * Tokenizer tokenizer = polyLm.tokenizer();
 * int[] ids = tokenizer.encode("Hello");
 * System.out.println(tokenizer.pieces(ids) + " " + tokenizer.decode(ids));
 * }</pre>
 *
 * <p>No text is ever cut: {@link #checkFits} refuses one that is too long before it is encoded. A
 * text with half of a surrogate pair, which is no character, is refused. All methods may be called
 * from many threads at once; encoding takes time by the length of the text, and texts of more than
 * a million characters together wait for one another.
 *
 * <p>A tokenizer holds no native memory. {@link #close} makes later calls fail with a {@link
 * PolyLmException}, as those of a closed model do; nothing is lost where it isn't called.
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
   * @param facts what the model's manifest says of its tokenizer
   * @throws PolyLmException where the file is missing, broken or of another kind, or lacks a token
   *     that the facts name
   */
  public static Tokenizer open(Path tokenizerJson, TokenizerFacts facts) {
    return opened(tokenizerJson, facts, 0);
  }

  /**
   * As {@link #open(Path, TokenizerFacts)}, for a model whose vocabulary may be padded: it knows
   * ids that no piece has, which are no error and decode to nothing.
   *
   * @param modelVocabSize how many ids the model knows
   */
  public static Tokenizer open(Path tokenizerJson, TokenizerFacts facts, int modelVocabSize) {
    if (modelVocabSize < 1) {
      throw new PolyLmException(
          "the model's vocabulary has %d ids, expected at least 1".formatted(modelVocabSize));
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
   * The same tokenizer with LlamaTokenizer's {@code legacy} on or off. Both share one vocabulary:
   * closing either closes both.
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

  /** The number of pieces, whose ids are 0 to one less. */
  public int vocabSize() {
    return vocabulary.size();
  }

  /** The id of the piece for characters that the vocabulary lacks. */
  public int unkTokenId() {
    return vocabulary.unkId();
  }

  /** The id of the beginning-of-sequence token. */
  public int bosTokenId() {
    return bosTokenId;
  }

  /** The id of the end-of-sequence token. */
  public int eosTokenId() {
    return eosTokenId;
  }

  /**
   * Refuses a text that is too long for a number of ids by its characters alone, which takes a
   * fraction of the time of {@link #encode}. A text that passes may still have too many ids.
   *
   * @param maxIds how many ids the text may have, such as a model's context
   * @throws PolyLmException where the text has more ids than that, whatever they are
   */
  public void checkFits(String text, int maxIds) {
    checkFits(List.of(new TextPart(text, false)), maxIds);
  }

  /** As {@link #checkFits(String, int)}, for the parts of a prompt. */
  public void checkFits(List<TextPart> parts, int maxIds) {
    limit.check(parts.stream().map(TextPart::text).toList(), maxIds);
  }

  /**
   * The ids of a text that may come from anyone: special tokens in it, such as {@code </s>}, are
   * plain text. Neither bos nor eos is added.
   */
  public int[] encode(String text) {
    return encode(List.of(new TextPart(text, false)), false);
  }

  /**
   * The ids of a text that the caller vouches for: special tokens in it are parsed. Neither bos nor
   * eos is added.
   */
  public int[] encodeTrusted(String text) {
    return encode(List.of(new TextPart(text, true)), false);
  }

  /**
   * The ids of a prompt, with bos before and eos behind it where the model's tokenizer says so.
   *
   * @param trusted special tokens in the text are parsed
   */
  public int[] encodePrompt(String text, boolean trusted) {
    return encodePrompt(List.of(new TextPart(text, trusted)));
  }

  /**
   * The ids of a prompt of parts that not everyone vouches for, with bos before and eos behind it
   * where the model's tokenizer says so. But for special tokens in parts that are not trusted, they
   * are the ids of the joined text.
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
   * The ids of parts that go on a text whose ids are known: nothing is put before or behind them,
   * not even the space that begins a text.
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
   * The ids that spell a text in the smallest pieces that the vocabulary has: the bytes of its
   * UTF-8, or its characters where the vocabulary has no byte pieces. They decode to the text, but
   * where it is more than a character, {@link #encode} gives others.
   *
   * @throws PolyLmException where the vocabulary has neither byte pieces nor a character
   */
  public int[] smallestPieces(String text) {
    return vocabulary.smallestPieces(text);
  }

  /**
   * What an id adds to a text, in UTF-8: a byte piece's one byte, another piece's bytes with a
   * space for each {@code ▁}, nothing for a special token or an id without a piece.
   *
   * @throws PolyLmException where the id is outside the vocabulary
   */
  public byte[] bytes(int id) {
    return vocabulary.bytes(id);
  }

  /**
   * The pieces of ids as the vocabulary spells them: {@code ▁Hello}, {@code <0x0A>}, {@code </s>};
   * an empty text for an id without a piece.
   *
   * @throws PolyLmException where an id is outside the vocabulary
   */
  public List<String> pieces(int[] ids) {
    checkOpen();
    return Arrays.stream(ids).mapToObj(vocabulary::piece).toList();
  }

  /**
   * The text of ids: special tokens are skipped, and spaces are not cleaned up ({@code
   * LlamaTokenizer.decode} with {@code skip_special_tokens=True} and {@code
   * clean_up_tokenization_spaces=False}).
   *
   * @throws PolyLmException where an id is outside the vocabulary
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

  /** A decoder for one sequence of ids that come one at a time. */
  public StreamingDecoder streamingDecoder() {
    checkOpen();
    boolean dropsAllLeading = json.normalizer().removesExtraWhitespaces();
    return new StreamingDecoder(vocabulary, facts.legacy() || dropsAllLeading, dropsAllLeading);
  }

  /** Makes later calls fail. May be called again. */
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
