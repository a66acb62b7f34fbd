package dev.polylm.internal.unpacked;

import ai.onnxruntime.OrtEnvironment;
import dev.polylm.PolyLmException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Begins ONNX Runtime: unpacks its native libraries into a {@link PrivateFolder}, has its classes
 * load them from there, and keeps telemetry from beginning with them. Thread-safe.
 *
 * <p>Who sets {@value #FOLDER_PROPERTY} has the libraries of that folder loaded, and nothing is
 * unpacked.
 */
public final class OnnxRuntimeLibrary {
  /** Where ONNX Runtime's classes look first; they read it when they are first used. */
  static final String FOLDER_PROPERTY = "onnxruntime.native.path";

  /** What they load, of which each system's build has some (ai.onnxruntime.OnnxRuntime). */
  private static final List<String> LIBRARIES =
      List.of(
          "onnxruntime",
          "onnxruntime4j_jni",
          "onnxruntime_providers_shared",
          "webgpu_dawn",
          "dxil",
          "dxcompiler");

  // All guarded by the class.
  private static @Nullable OrtEnvironment environment;
  private static @Nullable PrivateFolder folder; // whose lock must be held while it is in use
  private static @Nullable String failure; // Java tries to load a class's library once only

  private OnnxRuntimeLibrary() {}

  /**
   * ONNX Runtime's environment, its libraries loaded.
   *
   * @throws PolyLmException where they can't be loaded
   */
  public static synchronized OrtEnvironment environment() {
    if (environment == null) {
      if (failure != null) {
        throw new PolyLmException(failure);
      }
      synchronized (
          Runtime.getRuntime()) { // one class loader of the process, as properties are its
        environment = System.getProperty(FOLDER_PROPERTY) == null ? fromJar() : fromUsersFolder();
        Telemetry.end(environment);
      }
    }
    return environment;
  }

  private static OrtEnvironment fromUsersFolder() {
    Telemetry.prevent(OnnxRuntimeLibrary::folder);
    return load(String.valueOf(System.getProperty(FOLDER_PROPERTY)));
  }

  private static OrtEnvironment fromJar() {
    String path = unpack(folder()).path().toString();
    Telemetry.prevent(OnnxRuntimeLibrary::folder);
    System.setProperty(FOLDER_PROPERTY, path);
    try {
      return load(path);
    } finally {
      System.clearProperty(
          FOLDER_PROPERTY); // a class loader after this one has a folder of its own
    }
  }

  private static PrivateFolder folder() {
    if (folder == null) {
      folder = PrivateFolder.create();
    }
    return folder;
  }

  private static PrivateFolder unpack(PrivateFolder target) {
    String platform = platform();
    int found = 0;
    for (String library : LIBRARIES) {
      String file = System.mapLibraryName(library);
      if (LibraryFile.unpack(
          OrtEnvironment.class, "/ai/onnxruntime/native/" + platform + "/" + file, target, file)) {
        found++;
      }
    }
    if (found == 0) {
      throw new PolyLmException(
          "ONNX Runtime's jar has no library for %s; build one and name its folder by -D%s=DIR"
              .formatted(platform, FOLDER_PROPERTY));
    }
    return target;
  }

  /** As ONNX Runtime's jar names this system and its processor. */
  static String platform() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String processor = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    String name =
        system.contains("mac") || system.contains("darwin")
            ? "osx"
            : system.contains("win") ? "win" : "linux";
    return name + "-" + (processor.matches("amd64|x86_64") ? "x64" : processor);
  }

  private static OrtEnvironment load(String path) {
    try {
      return OrtEnvironment.getEnvironment();
    } catch (LinkageError | RuntimeException e) {
      failure =
          "%s: ONNX Runtime's library can't be loaded from this folder: %s; where it is mounted noexec, name another folder for temporary files by -D%s=DIR, or one that holds the library by -D%s=DIR"
              .formatted(path, root(e), PrivateFolder.TEMPORARY_FILES, FOLDER_PROPERTY);
      throw new PolyLmException(failure, e);
    }
  }

  /** What the first cause says: the system's linker, or a lack of files. */
  private static @Nullable String root(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage();
  }
}
