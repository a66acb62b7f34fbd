package dev.polylm.internal.constraint.mask;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A vocabulary from {@code constraint/pieces.tsv}: pieces of a SentencePiece BPE model of 18
 * languages, few of the rarer ones, and pieces that cut JSON where its grammar doesn't.
 */
public final class PieceVocabulary implements TokenVocabulary {
  public static final int EOS = 2;
  private static final String BOUNDARY = "\u2581";
  private static final Path POLYLM_TINY =
      Path.of("../examples/polylm-tiny/checkpoint/tokenizer.model");
  private static final int PIECE = 0x0A;
  private static final int SCORE_LENGTH = 5;
  private static final int NORMAL = 1;
  private static final int BYTE = 6;

  private final List<String> pieces = new ArrayList<>();
  private final List<String> kinds = new ArrayList<>();
  private final boolean legacy;

  private PieceVocabulary(boolean legacy) {
    this.legacy = legacy;
  }

  /**
   * The vocabulary, decoded in one of two ways.
   *
   * @param legacy as SentencePiece decodes: a second boundary is dropped, and one of the second id
   *     where the first wrote nothing
   */
  public static PieceVocabulary load(boolean legacy) {
    PieceVocabulary vocabulary = new PieceVocabulary(legacy);
    try (InputStream in = PieceVocabulary.class.getResourceAsStream("/constraint/pieces.tsv")) {
      new String(in.readAllBytes(), UTF_8).lines().forEach(vocabulary::add);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return vocabulary;
  }

  private void add(String line) {
    int tab = line.indexOf('\t');
    kinds.add(line.substring(0, tab));
    pieces.add(line.substring(tab + 1).translateEscapes());
  }

  /** The vocabulary of polylm-tiny, from its tokenizer.model, a message of protobuf. */
  static PieceVocabulary ofPolyLmTiny(boolean legacy) {
    PieceVocabulary vocabulary = new PieceVocabulary(legacy);
    ByteBuffer model;
    try {
      model = ByteBuffer.wrap(Files.readAllBytes(POLYLM_TINY));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    while (model.hasRemaining()) {
      int tag = varint(model);
      byte[] message = bytes(model);
      if (tag == PIECE) {
        vocabulary.addMessage(ByteBuffer.wrap(message));
      }
    }
    return vocabulary;
  }

  /** A piece, its score and its type, in this order; a type that is not written is normal. */
  private void addMessage(ByteBuffer message) {
    varint(message);
    pieces.add(new String(bytes(message), UTF_8));
    message.position(message.position() + SCORE_LENGTH);
    int type = message.hasRemaining() ? message.get(message.limit() - 1) : NORMAL;
    kinds.add(type == BYTE ? "byte" : type == NORMAL ? "text" : "special");
  }

  private static byte[] bytes(ByteBuffer in) {
    byte[] bytes = new byte[varint(in)];
    in.get(bytes);
    return bytes;
  }

  private static int varint(ByteBuffer in) {
    int value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  /** Only the bytes, 3 to 258, and three special pieces. */
  public static PieceVocabulary ofBytes() {
    PieceVocabulary vocabulary = new PieceVocabulary(false);
    for (String special : List.of("<unk>", "<s>", "</s>")) {
      vocabulary.kinds.add("special");
      vocabulary.pieces.add(special);
    }
    for (int b = 0; b < 256; b++) {
      vocabulary.kinds.add("byte");
      vocabulary.pieces.add("<0x%02X>".formatted(b));
    }
    return vocabulary;
  }

  public static int idOfByte(byte b) {
    return 3 + Byte.toUnsignedInt(b);
  }

  /** The id of a text piece. */
  int id(String piece) {
    int id = pieces.indexOf(piece);
    if (id < 0 || !kinds.get(id).equals("text")) {
      throw new IllegalArgumentException(piece);
    }
    return id;
  }

  @Override
  public int size() {
    return pieces.size();
  }

  @Override
  public boolean isText(int id) {
    return !kinds.get(id).equals("special");
  }

  @Override
  public byte[] bytes(int id) {
    return bytes(id, 0);
  }

  @Override
  public byte[] firstBytes(int id) {
    return bytes(id, legacy ? 2 : 1);
  }

  @Override
  public byte[] leadingBytes(int id) {
    return bytes(id, legacy ? 1 : 0);
  }

  private byte[] bytes(int id, int dropped) {
    String piece = pieces.get(id);
    if (kinds.get(id).equals("byte")) {
      return new byte[] {(byte) Integer.parseInt(piece, 3, 5, 16)};
    }
    for (int i = 0; i < dropped && piece.startsWith(BOUNDARY); i++) {
      piece = piece.substring(1);
    }
    return piece.replace(BOUNDARY, " ").getBytes(UTF_8);
  }
}
