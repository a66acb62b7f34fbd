package dev.polylm.export.tokenizer;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import dev.polylm.PolyLmException;
import dev.polylm.export.tokenizer.SentencePieceModel.Piece;
import dev.polylm.export.tokenizer.SentencePieceModel.PieceType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the message {@code sentencepiece.ModelProto} ({@code src/sentencepiece_model.proto} of
 * SentencePiece v0.2.0). It needs a dozen fields of it.
 */
final class SentencePieceReader {
  /** 256,000 pieces take 5 MB. */
  private static final long MAX_BYTES = 16L << 20;

  /** Limits the heap: a piece takes some hundred bytes, and PolyLM has 256,000. */
  private static final int MAX_PIECES = 500_000;

  /** A tag is the field's number, shifted by 3, and its wire type: 0 varint, 2 bytes, 5 fixed32. */
  private static final int MODEL_PIECE = 1 << 3 | 2;

  private static final int MODEL_TRAINER = 2 << 3 | 2;
  private static final int MODEL_NORMALIZER = 3 << 3 | 2;
  private static final int MODEL_DENORMALIZER = 5 << 3 | 2;
  private static final int PIECE_TEXT = 1 << 3 | 2;
  private static final int PIECE_SCORE = 2 << 3 | 5;
  private static final int PIECE_TYPE = 3 << 3;
  private static final int TRAINER_MODEL_TYPE = 3 << 3;
  private static final int TRAINER_WHITESPACE_AS_SUFFIX = 24 << 3;
  private static final int TRAINER_BYTE_FALLBACK = 35 << 3;
  private static final int NORMALIZER_CHARS_MAP = 2 << 3 | 2;
  private static final int NORMALIZER_DUMMY_PREFIX = 3 << 3;
  private static final int NORMALIZER_EXTRA_WHITESPACES = 4 << 3;
  private static final int NORMALIZER_ESCAPE_WHITESPACES = 5 << 3;

  private static final int UNIGRAM = 1;
  private static final int BPE = 2;

  private final List<Piece> pieces = new ArrayList<>();
  private int modelType = UNIGRAM;
  private boolean byteFallback;
  private ByteString charsMap = ByteString.EMPTY;
  private boolean removeExtraWhitespaces = true;

  private SentencePieceReader() {}

  /**
   * Reads the file.
   *
   * @throws PolyLmException if it is missing, is not a model, or is a model whose texts can't be
   *     split as SentencePiece does
   */
  static SentencePieceModel read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new PolyLmException(file + ": is missing, expected a SentencePiece model");
    }
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new PolyLmException(
            "has %s bytes, expected at most %s".formatted(Files.size(file), MAX_BYTES));
      }
      SentencePieceReader reader = new SentencePieceReader();
      reader.readModel(CodedInputStream.newInstance(Files.readAllBytes(file)));
      return reader.model();
    } catch (IOException e) {
      throw new PolyLmException(file + ": is not a SentencePiece model: " + e.getMessage(), e);
    } catch (PolyLmException e) {
      throw new PolyLmException(file + ": " + e.getMessage(), e);
    }
  }

  private SentencePieceModel model() {
    if (pieces.isEmpty()) {
      throw new PolyLmException("is not a SentencePiece model: it has no pieces");
    }
    if (modelType != UNIGRAM && modelType != BPE) {
      throw new PolyLmException(
          "is of model_type %s, expected 1 (unigram) or 2 (BPE)".formatted(modelType));
    }
    SentencePieceModel model =
        new SentencePieceModel(
            modelType == BPE, List.copyOf(pieces), byteFallback, charsMap, removeExtraWhitespaces);
    PieceRules.check(model);
    return model;
  }

  private void readModel(CodedInputStream in) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case MODEL_PIECE -> readPiece(in.readBytes().newCodedInput());
        case MODEL_TRAINER -> readTrainer(in.readBytes().newCodedInput());
        case MODEL_NORMALIZER -> readNormalizer(in.readBytes().newCodedInput());
        case MODEL_DENORMALIZER -> readDenormalizer(in.readBytes().newCodedInput());
        default -> skip(in, tag);
      }
    }
  }

  private void readPiece(CodedInputStream in) throws IOException {
    String text = "";
    float score = 0;
    int type = 1;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case PIECE_TEXT -> text = in.readStringRequireUtf8();
        case PIECE_SCORE -> score = in.readFloat();
        case PIECE_TYPE -> type = in.readEnum();
        default -> skip(in, tag);
      }
    }
    PieceRules.checkLength(pieces.size(), text);
    if (pieces.size() == MAX_PIECES) {
      throw new PolyLmException("has more than %s pieces".formatted(MAX_PIECES));
    }
    pieces.add(new Piece(text, score, type(type)));
  }

  private PieceType type(int number) {
    return switch (number) {
      case 1 -> PieceType.NORMAL;
      case 2 -> PieceType.UNKNOWN;
      case 3 -> PieceType.CONTROL;
      case 4 -> PieceType.USER_DEFINED;
      case 6 -> PieceType.BYTE;
      default ->
          throw new PolyLmException(
              "piece %s is of type %s, expected 1, 2, 3, 4 or 6".formatted(pieces.size(), number));
    };
  }

  private void readTrainer(CodedInputStream in) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case TRAINER_MODEL_TYPE -> modelType = in.readEnum();
        case TRAINER_BYTE_FALLBACK -> byteFallback = in.readBool();
        case TRAINER_WHITESPACE_AS_SUFFIX ->
            require(!in.readBool(), "treat_whitespace_as_suffix", false);
        default -> skip(in, tag);
      }
    }
  }

  private void readNormalizer(CodedInputStream in) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case NORMALIZER_CHARS_MAP -> {
          charsMap = in.readBytes();
          CharsMapRules.check(charsMap);
        }
        case NORMALIZER_EXTRA_WHITESPACES -> removeExtraWhitespaces = in.readBool();
        case NORMALIZER_DUMMY_PREFIX -> require(in.readBool(), "add_dummy_prefix", true);
        case NORMALIZER_ESCAPE_WHITESPACES -> require(in.readBool(), "escape_whitespaces", true);
        default -> skip(in, tag);
      }
    }
  }

  private static void readDenormalizer(CodedInputStream in) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == NORMALIZER_CHARS_MAP) {
        require(in.readBytes().isEmpty(), "denormalizer_spec.precompiled_charsmap", "empty");
      } else {
        skip(in, tag);
      }
    }
  }

  private static void skip(CodedInputStream in, int tag) throws IOException {
    if (!in.skipField(tag)) {
      throw new PolyLmException("is not a SentencePiece model: a group ends that never began");
    }
  }

  private static void require(boolean holds, String setting, Object expected) {
    if (!holds) {
      throw new PolyLmException(
          "has a %s that is not %s, which tokenizer.json can't express"
              .formatted(setting, expected));
    }
  }
}
