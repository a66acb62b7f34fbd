package dev.polylm.tokenizer;

import dev.polylm.PolyLmException;
import dev.polylm.model.TokenizerFacts;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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
 * <p>No text is ever cut, and no network call is made. A text with half of a surrogate pair, which
 * is no character, is refused. All methods may be called from many threads at once; {@link #close}
 * waits for them, and what is called afterwards throws a {@link PolyLmException}.
 *
 * <p>Opening a tokenizer sets the system properties {@code ai.djl.offline} and {@code
 * OPT_OUT_TRACKING} to {@code true} unless they are set, so that DJL, which it stands on, neither
 * downloads nor reports anything.
 */
public final class Tokenizer implements AutoCloseable {
  private final TokenizerFacts facts;
  private final TokenizerJson json;
  private final PieceEncoder pieceEncoder;
  private final LlamaEncoder encoder;
  private final int bosTokenId;
  private final int eosTokenId;

  private Tokenizer(TokenizerFacts facts, TokenizerJson json, PieceEncoder pieceEncoder) {
    this.facts = facts;
    this.json = json;
    this.pieceEncoder = pieceEncoder;
    this.bosTokenId = specialId("bosToken", facts.bosToken());
    this.eosTokenId = specialId("eosToken", facts.eosToken());
    if (specialId("unkToken", facts.unkToken()) != unkTokenId()) {
      throw new PolyLmException(
          "unkToken is \"%s\", expected the model's unknown piece \"%s\""
              .formatted(facts.unkToken(), json.vocabulary().piece(unkTokenId())));
    }
    this.encoder = new LlamaEncoder(pieceEncoder, json.vocabulary(), json.addedWords(), facts);
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
    TokenizerJson json = TokenizerJson.read(tokenizerJson);
    PieceEncoder pieceEncoder = null;
    try {
      pieceEncoder = new PieceEncoder(json);
      return new Tokenizer(facts, json, pieceEncoder);
    } catch (PolyLmException e) {
      if (pieceEncoder != null) {
        pieceEncoder.close();
      }
      throw new PolyLmException(tokenizerJson + ": " + e.getMessage(), e);
    }
  }

  /**
   * The same tokenizer with LlamaTokenizer's {@code legacy} on or off. Both share one native
   * tokenizer: closing either closes both.
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
    return new Tokenizer(changed, json, pieceEncoder);
  }

  /** The number of ids, which are 0 to one less. */
  public int vocabSize() {
    return json.vocabulary().size();
  }

  /** The id of the piece for characters that the vocabulary lacks. */
  public int unkTokenId() {
    return json.vocabulary().unkId();
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
   * The ids of a text that may come from anyone: special tokens in it, such as {@code </s>}, are
   * plain text. Neither bos nor eos is added.
   */
  public int[] encode(String text) {
    return encode(List.of(new TextPart(text, false)));
  }

  /**
   * The ids of a text that the caller vouches for: special tokens in it are parsed. Neither bos nor
   * eos is added.
   */
  public int[] encodeTrusted(String text) {
    return encode(List.of(new TextPart(text, true)));
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
    Arrays.stream(encode(parts)).forEach(ids);
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
    pieceEncoder.checkOpen();
    return encoder.encode(parts, true);
  }

  private int[] encode(List<TextPart> parts) {
    pieceEncoder.checkOpen();
    return encoder.encode(parts, false);
  }

  /**
   * The ids that spell a text in the smallest pieces that the vocabulary has: the bytes of its
   * UTF-8, or its characters where the vocabulary has no byte pieces. They decode to the text, but
   * where it is more than a character, {@link #encode} gives others.
   *
   * @throws PolyLmException where the vocabulary has neither byte pieces nor a character
   */
  public int[] smallestPieces(String text) {
    return json.vocabulary().smallestPieces(text);
  }

  /**
   * What an id adds to a text, in UTF-8: a byte piece's one byte, another piece's bytes with a
   * space for each {@code ▁}, nothing for a special token.
   *
   * @throws PolyLmException where the id is outside the vocabulary
   */
  public byte[] bytes(int id) {
    return json.vocabulary().bytes(id);
  }

  /**
   * The pieces of ids as the vocabulary spells them: {@code ▁Hello}, {@code <0x0A>}, {@code </s>}.
   *
   * @throws PolyLmException where an id is outside the vocabulary
   */
  public List<String> pieces(int[] ids) {
    pieceEncoder.checkOpen();
    return Arrays.stream(ids).mapToObj(json.vocabulary()::piece).toList();
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
    pieceEncoder.checkOpen();
    boolean dropsAllLeading = json.normalizer().removesExtraWhitespaces();
    return new StreamingDecoder(
        json.vocabulary(), facts.legacy() || dropsAllLeading, dropsAllLeading);
  }

  /** Frees the native tokenizer. May be called again. */
  @Override
  public void close() {
    pieceEncoder.close();
  }

  private int specialId(String name, String token) {
    Integer id = json.vocabulary().specialIds().get(token);
    if (id == null) {
      throw new PolyLmException(
          "%s is \"%s\", expected a special token of the vocabulary: %s"
              .formatted(name, token, json.vocabulary().specialIds().keySet()));
    }
    return id;
  }
}
