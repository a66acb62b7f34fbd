package dev.polylm;

import dev.polylm.internal.device.DeviceSettings;
import dev.polylm.internal.model.ModelDirectory;
import dev.polylm.internal.runtime.Decoder;
import dev.polylm.model.FileFacts;
import dev.polylm.model.Manifest;
import dev.polylm.tokenizer.Tokenizer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An open small model that guesses ids for a model.
 *
 * @param decoder its weights
 */
record DraftModel(ModelDirectory directory, Decoder decoder) implements AutoCloseable {

  /**
   * Opens the folder that the options name, or returns null if they name none.
   *
   * @param target the model that it guesses for
   * @throws PolyLmException if the folder is not an exported model, or has another vocabulary
   */
  static @Nullable DraftModel open(
      PolyLmOptions options, ModelDirectory target, @Nullable Tokenizer tokenizer) {
    Path path = options.draft();
    if (path == null) {
      return null;
    }
    try {
      return open(path, options, target, tokenizer);
    } catch (PolyLmException e) {
      throw new InvalidSettingException("draft", "can't be used: " + e.getMessage(), e);
    }
  }

  private static DraftModel open(
      Path path, PolyLmOptions options, ModelDirectory target, @Nullable Tokenizer tokenizer) {
    ModelDirectory directory = ModelDirectory.open(path);
    directory.verify(options.verify());
    checkVocabulary(directory, target, tokenizer);
    Decoder decoder =
        Decoder.open(
            directory.file(ModelDirectory.GRAPH),
            directory.manifest().model(),
            directory.manifest().adapters(),
            DeviceSettings.of(options),
            options.threads());
    return new DraftModel(directory, decoder);
  }

  /** Checks that an id means the same to both models. */
  private static void checkVocabulary(
      ModelDirectory draft, ModelDirectory target, @Nullable Tokenizer tokenizer) {
    Manifest ofDraft = draft.manifest();
    Manifest ofTarget = target.manifest();
    int size = ofDraft.model().vocabSize();
    int expected = ofTarget.model().vocabSize();
    if (size != expected) {
      throw differs(draft, size + " ids", target, Integer.toString(expected));
    }
    FileFacts file = ofDraft.files().get(ModelDirectory.TOKENIZER);
    if (Objects.equals(file, ofTarget.files().get(ModelDirectory.TOKENIZER))) {
      return;
    }
    String found = "no tokenizer";
    if (ofDraft.tokenizer() != null) {
      try (Tokenizer other =
          Tokenizer.open(draft.file(ModelDirectory.TOKENIZER), ofDraft.tokenizer(), size)) {
        found = sha256(other);
      }
    }
    String wanted = tokenizer == null ? "no tokenizer" : sha256(tokenizer);
    if (!found.equals(wanted)) {
      throw differs(draft, found, target, wanted);
    }
  }

  private static PolyLmException differs(
      ModelDirectory draft, String found, ModelDirectory target, String expected) {
    return new PolyLmException(
        "%s: the draft model's vocabulary has %s, expected %s as in %s: a draft model needs the tokenizer of the model that it guesses for"
            .formatted(draft.path(), found, expected, target.path()));
  }

  /** Returns the hash of all pieces in the order of their ids. */
  private static String sha256(Tokenizer tokenizer) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String piece : tokenizer.pieces(IntStream.range(0, tokenizer.vocabSize()).toArray())) {
        byte[] text = piece.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, text.length));
        digest.update(text);
      }
      return "SHA-256 " + HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public void close() {
    decoder.close();
    directory.close();
  }
}
