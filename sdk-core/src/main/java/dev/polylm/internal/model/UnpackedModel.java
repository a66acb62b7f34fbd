package dev.polylm.internal.model;

import dev.polylm.PolyLmException;
import dev.polylm.model.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A model that a jar on the class path brings, unpacked: ONNX Runtime maps its weights from a file.
 *
 * <p>The folder is deleted by close, and at the latest when the JVM ends.
 */
final class UnpackedModel implements AutoCloseable {
  /** Where a jar keeps its model; the class path may hold one. */
  static final String RESOURCES = "META-INF/polylm-model/";

  private final Path path;
  private final Thread deletionAtExit;

  private UnpackedModel(Path path) {
    this.path = path;
    this.deletionAtExit = new Thread(this::delete, "polylm-unpacked-model");
    Runtime.getRuntime().addShutdownHook(deletionAtExit);
  }

  static UnpackedModel fromClassPath() {
    ClassLoader loader = classLoader();
    URL manifestUrl = onlyManifest(loader);
    try {
      UnpackedModel model = new UnpackedModel(Files.createTempDirectory("polylm-"));
      try {
        model.unpack(manifestUrl);
      } catch (IOException | RuntimeException e) {
        model.close();
        throw e;
      }
      return model;
    } catch (IOException e) {
      throw new PolyLmException(
          "the model on the class path can't be unpacked: " + e.getMessage(), e);
    }
  }

  /** The thread's own loader, as in an application server; else the SDK's. */
  private static ClassLoader classLoader() {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    return loader != null ? loader : UnpackedModel.class.getClassLoader();
  }

  private static URL onlyManifest(ClassLoader loader) {
    List<URL> found = new ArrayList<>();
    try {
      found.addAll(Collections.list(loader.getResources(RESOURCES + Manifest.FILE_NAME)));
    } catch (IOException e) {
      throw new PolyLmException("the class path can't be read: " + e.getMessage(), e);
    }
    if (found.size() != 1) {
      throw new PolyLmException(
          "the class path holds %d models %s, expected one; add polylm-tiny or open a folder"
              .formatted(found.size(), found));
    }
    return found.get(0);
  }

  private void unpack(URL manifestUrl) throws IOException {
    String base = manifestUrl.toString();
    base = base.substring(0, base.length() - Manifest.FILE_NAME.length());
    byte[] manifestBytes = copy(manifestUrl, Manifest.FILE_NAME);
    Manifest manifest = Manifest.fromJson(new String(manifestBytes, StandardCharsets.UTF_8));
    for (String name : manifest.files().keySet()) {
      Manifest.checkFileName(name);
      try (InputStream source = new URL(base + name).openStream()) {
        Files.copy(source, path.resolve(name));
      }
    }
  }

  private byte[] copy(URL source, String name) throws IOException {
    try (InputStream stream = source.openStream()) {
      byte[] bytes = stream.readAllBytes();
      Files.write(path.resolve(name), bytes);
      return bytes;
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() {
    delete();
    try {
      Runtime.getRuntime().removeShutdownHook(deletionAtExit);
    } catch (IllegalStateException e) {
      // The JVM is ending: the hook runs or has run.
    }
  }

  private void delete() {
    try (var files = Files.list(path)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // Already gone, or still mapped (Windows): the system cleans its temporary folder.
    }
  }
}
