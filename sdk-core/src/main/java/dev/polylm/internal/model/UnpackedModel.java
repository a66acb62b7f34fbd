package dev.polylm.internal.model;

import dev.polylm.PolyLmException;
import dev.polylm.internal.unpacked.PrivateFolder;
import dev.polylm.model.Manifest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A model from a jar on the class path, unpacked because ONNX Runtime maps its weights from a file.
 */
final class UnpackedModel implements AutoCloseable {
  /** The place of a model in a jar. The class path may have one model. */
  static final String RESOURCES = "META-INF/polylm-model/";

  private final PrivateFolder folder;

  private UnpackedModel(PrivateFolder folder) {
    this.folder = folder;
  }

  static UnpackedModel fromClassPath() {
    URL manifestUrl = onlyManifest();
    UnpackedModel model = new UnpackedModel(PrivateFolder.create());
    try {
      model.unpack(manifestUrl);
      return model;
    } catch (IOException e) {
      model.close();
      throw new PolyLmException(
          "%s: the model on the class path can't be read: %s"
              .formatted(manifestUrl, e.getMessage()),
          e);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private static URL onlyManifest() {
    List<URL> found =
        classLoaders()
            .map(UnpackedModel::manifests)
            .filter(urls -> !urls.isEmpty())
            .findFirst()
            .orElse(List.of());
    if (found.size() != 1) {
      throw new PolyLmException(
          "the class path holds %s models %s, expected one; add polylm-tiny or open a folder"
              .formatted(found.size(), found));
    }
    return found.get(0);
  }

  /**
   * Returns the class loaders to search. These are the thread's, which in a server is the
   * application's; the SDK's, because threads of a pool may have another; and the nearest caller's
   * that differs, because a server may have one SDK for all.
   */
  private static Stream<ClassLoader> classLoaders() {
    ClassLoader own = UnpackedModel.class.getClassLoader();
    Optional<ClassLoader> caller =
        StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
            .walk(
                frames ->
                    frames
                        .map(frame -> frame.getDeclaringClass().getClassLoader())
                        .filter(loader -> loader != null && loader != own)
                        .findFirst());
    return Stream.concat(
            Stream.of(Optional.ofNullable(Thread.currentThread().getContextClassLoader())),
            Stream.of(Optional.of(own), caller))
        .flatMap(Optional::stream);
  }

  /**
   * Returns the manifests that differ. A class path may name a jar twice, and some programs copy
   * jars: Spark does.
   */
  private static List<URL> manifests(ClassLoader loader) {
    Map<String, URL> found = new LinkedHashMap<>(); // by contents
    try {
      for (URL url : Collections.list(loader.getResources(RESOURCES + Manifest.FILE_NAME))) {
        try (InputStream manifest = url.openStream()) {
          found.putIfAbsent(new String(manifest.readAllBytes(), StandardCharsets.UTF_8), url);
        }
      }
    } catch (IOException e) {
      throw new PolyLmException("the class path can't be read: " + e.getMessage(), e);
    }
    return List.copyOf(found.values());
  }

  private void unpack(URL manifestUrl) throws IOException {
    byte[] manifestBytes;
    try (InputStream source = manifestUrl.openStream()) {
      manifestBytes = source.readAllBytes();
    }
    folder.unpack(new ByteArrayInputStream(manifestBytes), Manifest.FILE_NAME);
    Manifest manifest = Manifest.fromJson(new String(manifestBytes, StandardCharsets.UTF_8));
    for (String name : manifest.files().keySet()) {
      Manifest.checkFileName(name);
      // Beside the manifest, through the loader of its jar, which may be inside another jar.
      try (InputStream source = new URL(manifestUrl, name).openStream()) {
        folder.unpack(source, name);
      }
    }
  }

  Path path() {
    return folder.path();
  }

  @Override
  public void close() {
    folder.close();
  }
}
