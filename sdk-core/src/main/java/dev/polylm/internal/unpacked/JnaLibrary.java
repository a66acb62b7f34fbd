package dev.polylm.internal.unpacked;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Loads JNA's native library from a {@link PrivateFolder}. JNA itself would leave files in the
 * user's home.
 */
final class JnaLibrary {
  private static final String FOLDER_PROPERTY = "jna.boot.library.path";
  private static final String NO_FILES_PROPERTY = "jna.nounpack";

  private static @Nullable NativeLibrary process; // guarded by the class

  private JnaLibrary() {}

  /**
   * Returns the functions of this process, such as those of the C library.
   *
   * @throws LinkageError if JNA is missing, or has no library for this system
   */
  static synchronized NativeLibrary process(PrivateFolder folder) {
    if (process == null) {
      String file = System.mapLibraryName("jnidispatch").replace(".dylib", ".jnilib");
      LibraryFile.unpack(
          Native.class, "/com/sun/jna/" + Platform.RESOURCE_PREFIX + "/" + file, folder, file);
      process = load(Map.of(FOLDER_PROPERTY, folder.path().toString(), NO_FILES_PROPERTY, "true"));
    }
    return process;
  }

  /** Loads JNA: its classes load the library on first use, from the place that properties name. */
  private static NativeLibrary load(Map<String, String> properties) {
    Map<Object, Object> all = System.getProperties();
    Map<Object, Object> before = Map.copyOf(all);
    all.putAll(properties);
    try {
      return NativeLibrary.getProcess();
    } finally {
      properties.keySet().forEach(name -> restore(name, before.get(name)));
    }
  }

  private static void restore(String name, @Nullable Object value) {
    if (value == null) {
      System.clearProperty(name);
    } else {
      System.setProperty(name, value.toString());
    }
  }
}
