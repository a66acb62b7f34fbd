package dev.polylm.internal.unpacked;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import dev.polylm.PolyLmException;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Starts ONNX Runtime. It unpacks the native libraries into a {@link PrivateFolder}, makes ONNX
 * Runtime's classes load them from there, and keeps telemetry off. Thread-safe.
 *
 * <p>If {@value #FOLDER_PROPERTY} is set, the libraries of that folder are loaded and nothing is
 * unpacked.
 */
public final class OnnxRuntimeLibrary {
  /**
   * The property that names the folder where ONNX Runtime's classes look first. They read it on
   * first use.
   */
  static final String FOLDER_PROPERTY = "onnxruntime.native.path";

  /** A library that some builds have; they unpack it on request. */
  private static final String PROVIDERS = "onnxruntime_providers_shared";

  /** The native library of ONNX Runtime's classes. */
  private static final String JNI = "onnxruntime4j_jni";

  private static final String PROVIDERS_PREFIX = "onnxruntime_providers_";

  /**
   * The libraries that ONNX Runtime's classes load (ai.onnxruntime.OnnxRuntime). The build of each
   * system has some of them.
   */
  private static final List<String> LIBRARIES =
      List.of("onnxruntime", JNI, PROVIDERS, "webgpu_dawn", "dxil", "dxcompiler");

  // All guarded by the class.
  private static final Set<String> UNPACKED_PROVIDERS = new HashSet<>();
  private static @Nullable OrtEnvironment environment;
  private static @Nullable PrivateFolder folder; // its lock must be held while it is in use
  private static boolean unpackedFromJar; // the libraries were unpacked into the folder
  private static @Nullable String failure; // Java tries to load a class's library only once

  private OnnxRuntimeLibrary() {}

  /**
   * Loads ONNX Runtime's libraries and returns its environment.
   *
   * @throws PolyLmException if the libraries can't be loaded
   */
  public static synchronized OrtEnvironment environment() {
    if (environment == null) {
      if (failure != null) {
        throw new PolyLmException(failure);
      }
      synchronized (Runtime.getRuntime()) { // one class loader at a time: all share properties
        environment = System.getProperty(FOLDER_PROPERTY) == null ? fromJar() : fromUsersFolder();
        Telemetry.end(environment);
      }
    }
    return environment;
  }

  /**
   * Begins to load ONNX Runtime's libraries on another thread, which writes files. Await its end. A
   * failure shows when {@link #environment} is called.
   */
  public static CompletableFuture<?> loadAhead() {
    return CompletableFuture.runAsync(
            OnnxRuntimeLibrary::environment,
            loading -> {
              Thread thread = new Thread(loading, "polylm-library");
              thread.setDaemon(true);
              thread.start();
            })
        .handle((loaded, failure) -> failure == null);
  }

  /**
   * Returns the version of ONNX Runtime.
   *
   * @throws PolyLmException if the libraries can't be loaded
   */
  public static String version() {
    return environment().getVersion();
  }

  /**
   * Returns the names of the execution providers that ONNX Runtime was built with, such as CPU.
   *
   * @throws PolyLmException if the libraries can't be loaded
   */
  public static List<String> providers() {
    environment();
    return OrtEnvironment.getAvailableProviders().stream().map(OrtProvider::name).sorted().toList();
  }

  private static OrtEnvironment fromUsersFolder() {
    Telemetry.prevent(OnnxRuntimeLibrary::folder);
    return load(String.valueOf(System.getProperty(FOLDER_PROPERTY)));
  }

  private static OrtEnvironment fromJar() {
    PrivateFolder target = folder();
    String path = target.path().toString();
    Set<String> unpacked;
    try {
      unpacked = unpack(target);
      Telemetry.prevent(OnnxRuntimeLibrary::folder);
    } catch (RuntimeException e) {
      folder = null; // the next try uses another folder
      target.close();
      throw e;
    }
    System.setProperty(FOLDER_PROPERTY, path);
    try {
      OrtEnvironment loaded = load(path);
      unpackedFromJar = true;
      if (!unpacked.contains(PROVIDERS)) {
        deleteUnusedFolder();
      }
      return loaded;
    } finally {
      System.clearProperty(FOLDER_PROPERTY); // the next class loader has its own folder
    }
  }

  /**
   * Unpacks the library of an execution provider, if the jar has it. ONNX Runtime looks for it
   * beside its own library. Without this call its classes would unpack it elsewhere.
   *
   * @param provider such as {@code cuda}
   * @throws PolyLmException if the library can't be unpacked
   */
  public static synchronized void unpackProvider(String provider) {
    environment();
    String library = PROVIDERS_PREFIX + provider;
    if (unpackedFromJar && UNPACKED_PROVIDERS.add(library)) {
      String file = System.mapLibraryName(library);
      if (LibraryFile.unpack(OrtEnvironment.class, resource(file), folder(), file)) {
        markUnpacked(library);
      }
    }
  }

  /**
   * Returns ONNX Runtime's library for calls through JNA. It is the same copy that its classes use:
   * the one that their own native library is linked to. In a second class loader of a JVM, that is
   * the first one's copy, since the system's linker knows libraries by name.
   *
   * @throws PolyLmException if the library isn't where its classes were told to look
   * @throws LinkageError if JNA can't be used
   */
  public static synchronized NativeLibrary nativeLibrary() {
    environment();
    JnaLibrary.process(folder());
    String folderName =
        unpackedFromJar ? folder().path().toString() : System.getProperty(FOLDER_PROPERTY);
    Path file = Path.of(String.valueOf(folderName), System.mapLibraryName(LIBRARIES.get(0)));
    if (!Files.exists(file)) {
      throw new PolyLmException(
          "%s: is missing, but a cache on a GPU is reached through it; expected ONNX Runtime's library in the folder that -D%s names"
              .formatted(file, FOLDER_PROPERTY));
    }
    Path binding = file.resolveSibling(System.mapLibraryName(JNI));
    boolean linked = !Platform.isWindows() && Files.exists(binding);
    return NativeLibrary.getInstance((linked ? binding : file).toString());
  }

  private static String resource(String file) {
    return "/ai/onnxruntime/native/" + platform() + "/" + file;
  }

  /** Tells ONNX Runtime's classes that a library is there. If they differ, they unpack a second. */
  @SuppressWarnings("unchecked") // the set is of names
  private static void markUnpacked(String library) {
    try {
      Field field =
          Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("extractedSharedProviders");
      field.setAccessible(true);
      if (field.get(null) instanceof Set<?> known) {
        ((Set<String>) known).add(library);
      }
    } catch (ReflectiveOperationException | InaccessibleObjectException e) {
      // They unpack a second copy, which they delete when the JVM ends.
    }
  }

  private static PrivateFolder folder() {
    if (folder == null) {
      folder = PrivateFolder.create();
    }
    return folder;
  }

  private static Set<String> unpack(PrivateFolder target) {
    Set<String> unpacked = new HashSet<>();
    for (String library : LIBRARIES) {
      String file = System.mapLibraryName(library);
      if (LibraryFile.unpack(OrtEnvironment.class, resource(file), target, file)) {
        unpacked.add(library);
      }
    }
    if (unpacked.isEmpty()) {
      throw new PolyLmException(
          "ONNX Runtime's jar has no library for %s; build one and name its folder by -D%s=DIR"
              .formatted(platform(), FOLDER_PROPERTY));
    }
    return unpacked;
  }

  /** Returns the name of this system and its processor in ONNX Runtime's jar. */
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

  /**
   * Deletes the folder that ONNX Runtime makes for unpacked files. It stays empty here, and ONNX
   * Runtime deletes it only if the JVM ends normally. If a version makes no folder, there is
   * nothing to delete.
   */
  private static void deleteUnusedFolder() {
    try {
      Field field = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("tempDirectory");
      field.setAccessible(true);
      if (field.get(null) instanceof Path unused) {
        Files.deleteIfExists(unused);
      }
    } catch (ReflectiveOperationException | IOException | InaccessibleObjectException e) {
      // An empty folder stays until the JVM ends.
    }
  }

  /** Returns the message of the first cause: the system's linker error, or a missing file. */
  private static @Nullable String root(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage();
  }
}
