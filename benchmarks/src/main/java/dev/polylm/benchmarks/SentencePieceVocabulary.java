package dev.polylm.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.polylm.internal.constraint.mask.TokenVocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads the pieces of a SentencePiece {@code tokenizer.model}, as sentencepiece_model.proto defines
 * them.
 */
final class SentencePieceVocabulary implements TokenVocabulary {
  private static final int PIECES = 1;
  private static final int PIECE = 1;
  private static final int TYPE = 3;
  private static final int NORMAL = 1;
  private static final int USER_DEFINED = 4;
  private static final int BYTE = 6;
  static final int EOS = 2;

  private final List<byte[]> bytes = new ArrayList<>();
  private final List<Integer> types = new ArrayList<>();

  private SentencePieceVocabulary() {}

  static SentencePieceVocabulary read(Path model) throws IOException {
    SentencePieceVocabulary vocabulary = new SentencePieceVocabulary();
    CodedInputStream in = CodedInputStream.newInstance(Files.readAllBytes(model));
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == PIECES) {
        vocabulary.add(CodedInputStream.newInstance(in.readByteArray()));
      } else {
        in.skipField(tag);
      }
    }
    return vocabulary;
  }

  private void add(CodedInputStream in) throws IOException {
    String piece = "";
    int type = NORMAL;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case PIECE -> piece = in.readString();
        case TYPE -> type = in.readEnum();
        default -> in.skipField(tag);
      }
    }
    types.add(type);
    bytes.add(
        type == BYTE
            ? new byte[] {(byte) Integer.parseInt(piece, 3, 5, 16)}
            : piece.replace('\u2581', ' ').getBytes(UTF_8));
  }

  @Override
  public int size() {
    return bytes.size();
  }

  @Override
  public boolean isText(int id) {
    int type = types.get(id);
    return type == NORMAL || type == USER_DEFINED || type == BYTE;
  }

  @Override
  public byte[] bytes(int id) {
    return bytes.get(id);
  }

  @Override
  public byte[] firstBytes(int id) {
    byte[] all = bytes.get(id);
    boolean dropped = types.get(id) != BYTE && all[0] == ' ';
    return dropped ? Arrays.copyOfRange(all, 1, all.length) : all;
  }

  @Override
  public byte[] leadingBytes(int id) {
    return bytes.get(id);
  }
}
