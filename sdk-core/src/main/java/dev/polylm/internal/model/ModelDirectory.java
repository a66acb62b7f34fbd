package dev.polylm.internal.model;

import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.internal.untrusted.Utf8;
import dev.polylm.model.FileFacts;
import dev.polylm.model.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The folder of an exported model. Its manifest was read, and the sizes of its files were compared
 * with it.
 *
 * <p>Immutable and thread-safe. Closing it deletes unpacked files, if there are any.
 */
public final class ModelDirectory implements AutoCloseable {
  public static final String GRAPH = "model.onnx";
  public static final String TOKENIZER = "tokenizer.json";
  public static final String GENERATION_CONFIG = "generation_config.json";

  private static final String WEIGHTS = "model.onnx.data";

  /** Hashing this takes 0.2 s: 0.6 s per gigabyte were measured. */
  private static final long SMALL_WEIGHTS_BYTES = 256L << 20;

  /** The largest size of a manifest or generation config, which usually has a few KB. */
  private static final int MAX_TEXT_BYTES = 16 << 20;

  private final Path path;
  private final Manifest manifest;
  private final @Nullable UnpackedModel unpacked;

  private ModelDirectory(Path path, Manifest manifest, @Nullable UnpackedModel unpacked) {
    this.path = path;
    this.manifest = manifest;
    this.unpacked = unpacked;
  }

  /**
   * Opens a folder that the exporter wrote.
   *
   * @throws PolyLmException if it is not such a folder, or a file is missing or has another size
   *     than the manifest says
   */
  public static ModelDirectory open(Path path) {
    return open(path, null);
  }

  /**
   * Unpacks the model on the class path into a temporary folder and opens it.
   *
   * @throws PolyLmException if there is no model on the class path, or more than one
   */
  public static ModelDirectory openEmbedded() {
    UnpackedModel unpacked = UnpackedModel.fromClassPath();
    try {
      return open(unpacked.path(), unpacked);
    } catch (RuntimeException e) {
      unpacked.close();
      throw e;
    }
  }

  private static ModelDirectory open(Path path, @Nullable UnpackedModel unpacked) {
    if (!Files.isDirectory(path)) {
      throw new PolyLmException(
          "%s: is not a folder; expected an exported model%s".formatted(path, PathHint.of(path)));
    }
    if (!Files.isRegularFile(path.resolve(Manifest.FILE_NAME))) {
      throw new PolyLmException(
          "%s: has no %s; expected a folder that polylm export wrote%s"
              .formatted(path, Manifest.FILE_NAME, PathHint.of(path)));
    }
    ModelDirectory directory =
        new ModelDirectory(
            path, Manifest.fromJson(readText(path.resolve(Manifest.FILE_NAME))), unpacked);
    directory.checkFiles();
    return directory;
  }

  private void checkFiles() {
    for (Map.Entry<String, FileFacts> entry : manifest.files().entrySet()) {
      String name = entry.getKey();
      Manifest.checkFileName(name);
      Path file = path.resolve(name);
      if (!Files.isRegularFile(file)) {
        throw new PolyLmException(
            "%s: the manifest names %s, which is missing".formatted(path, name));
      }
      long bytes = size(file);
      if (bytes != entry.getValue().bytes()) {
        throw new PolyLmException(
            "%s: has %s bytes, the manifest says %s"
                .formatted(file, bytes, entry.getValue().bytes()));
      }
    }
    if (!manifest.files().containsKey(GRAPH)) {
      throw new PolyLmException("%s: names no %s".formatted(Manifest.FILE_NAME, GRAPH));
    }
    if (manifest.files().containsKey(WEIGHTS)) {
      checkPlace(path.resolve(WEIGHTS));
    }
    if (manifest.tokenizer() != null && !manifest.files().containsKey(TOKENIZER)) {
      throw new PolyLmException(
          "%s: describes a tokenizer but names no %s".formatted(Manifest.FILE_NAME, TOKENIZER));
    }
  }

  /** ONNX Runtime reads weights beside the graph only, or beside the file that it is a link to. */
  private void checkPlace(Path weights) {
    try {
      Path place = weights.toRealPath();
      Path graph = path.resolve(GRAPH).toRealPath();
      if (!place.startsWith(path.toRealPath()) && !place.startsWith(graph.resolveSibling(""))) {
        throw new PolyLmException(
            "%s: is a link to %s, but ONNX Runtime reads weights in the folder of %s only; make the whole folder a link, or move the file"
                .formatted(weights, place, GRAPH));
      }
    } catch (IOException e) {
      throw new PolyLmException(weights + ": can't be read: " + e.getMessage(), e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new PolyLmException(file + ": can't be read: " + e.getMessage(), e);
    }
  }

  private static String readText(Path file) {
    try {
      try (InputStream in = Files.newInputStream(file)) {
        byte[] content = in.readNBytes(MAX_TEXT_BYTES + 1);
        if (content.length > MAX_TEXT_BYTES) {
          throw new PolyLmException(
              "%s: is longer than %s bytes, expected a small JSON file"
                  .formatted(file, MAX_TEXT_BYTES));
        }
        return Utf8.decode(content);
      }
    } catch (CharacterCodingException e) {
      throw new PolyLmException(file + ": is not UTF-8", e);
    } catch (IOException e) {
      throw new PolyLmException(file + ": can't be read: " + e.getMessage(), e);
    }
  }

  /**
   * Compares files with the hashes in the manifest. This finds files that were damaged or
   * exchanged. It does not find changes by someone who changed the manifest too.
   *
   * @throws PolyLmException if a file differs
   */
  public void verify(PolyLmOptions.Verify which) {
    manifest
        .files()
        .forEach(
            (name, facts) -> {
              boolean small = !name.equals(WEIGHTS) || facts.bytes() <= SMALL_WEIGHTS_BYTES;
              if (which == PolyLmOptions.Verify.ALL
                  || (which == PolyLmOptions.Verify.SMALL && small)) {
                FileHash.check(file(name), facts);
              }
            });
  }

  public Manifest manifest() {
    return manifest;
  }

  /** Returns the folder. */
  public Path path() {
    return path;
  }

  /** Returns the path of a file of the model. */
  public Path file(String name) {
    return path.resolve(name);
  }

  /** Returns the generation_config.json of the model, or an empty object if it has none. */
  public String generationConfigJson() {
    return manifest.files().containsKey(GENERATION_CONFIG)
        ? readText(file(GENERATION_CONFIG))
        : "{}";
  }

  /** Deletes unpacked files; idempotent. */
  @Override
  public void close() {
    if (unpacked != null) {
      unpacked.close();
    }
  }
}
