package dev.polylm.export.tokenizer;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes small SentencePiece models, right and wrong, field by field. */
public final class ModelBytes {
  static final int NORMAL = 1;
  static final int UNKNOWN = 2;
  static final int CONTROL = 3;
  static final int USER_DEFINED = 4;
  static final int UNUSED = 5;
  static final int BYTE = 6;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Writes the fields of a message. */
  @FunctionalInterface
  interface Fields {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  /** The pieces every model has. */
  static ModelBytes basic() {
    return new ModelBytes()
        .piece("<unk>", 0, UNKNOWN)
        .piece("<s>", 0, CONTROL)
        .piece("</s>", 0, CONTROL);
  }

  /** BPE over a, b and c, of which ab is merged before bc. */
  public static ModelBytes abc() {
    ModelBytes model = basic().trainer(out -> out.writeEnum(3, 2));
    model.normalizer(out -> out.writeBool(4, false));
    model.piece("ab", -0f, NORMAL).piece("bc", -1, NORMAL).piece("abc", -2, NORMAL);
    String[] characters = {"\u2581", "a", "b", "c"};
    for (int i = 0; i < characters.length; i++) {
      model.piece(characters[i], -3 - i, NORMAL);
    }
    return model;
  }

  ModelBytes piece(String text, float score, int type) {
    return message(
        1,
        out -> {
          out.writeString(1, text);
          out.writeFloat(2, score);
          out.writeEnum(3, type);
        });
  }

  ModelBytes trainer(Fields fields) {
    return message(2, fields);
  }

  ModelBytes normalizer(Fields fields) {
    return message(3, fields);
  }

  ModelBytes message(int number, Fields fields) {
    try {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      CodedOutputStream inner = CodedOutputStream.newInstance(body);
      fields.writeTo(inner);
      inner.flush();
      CodedOutputStream outer = CodedOutputStream.newInstance(bytes);
      outer.writeByteArray(number, body.toByteArray());
      outer.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  public byte[] toByteArray() {
    return bytes.toByteArray();
  }

  /** Writes tokenizer.model into a folder and returns the folder. */
  Path in(Path folder) throws IOException {
    Files.write(folder.resolve("tokenizer.model"), toByteArray());
    return folder;
  }
}
