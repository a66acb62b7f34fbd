package dev.polylm.jakarta.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Gives each deployment a copy of DJL's native library of its own. DJL unpacks it to one place for
 * all, and Java loads a library's file in one class loader only: without a copy the second
 * deployment in a server's life could not load it.
 */
final class TokenizersLibrary {
  /** Where DJL 0.38.0 unpacks to, asked for once a class loader (ai.djl.util.Utils). */
  private static final String PLACE = "ENGINE_CACHE_DIR";

  private static boolean loaded; // guarded by the class

  private TokenizersLibrary() {}

  /**
   * Runs an action that loads the library, as the first to do so in this class loader, with a place
   * of its own to load from. A place that someone has set is left as it is.
   */
  static synchronized void loadFor(Runnable action) {
    if (loaded || System.getProperty(PLACE) != null || System.getenv(PLACE) != null) {
      action.run();
      return;
    }
    loaded = true;
    synchronized (Runtime.getRuntime()) { // one deployment of all that are in the process
      Path folder = createFolder();
      System.setProperty(PLACE, folder.toString());
      try {
        action.run();
      } finally {
        System.clearProperty(PLACE);
        delete(folder);
      }
    }
  }

  private static Path createFolder() {
    try {
      return Files.createTempDirectory("polylm-tokenizers-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file that is loaded may go, except on Windows, where it stays until the system cleans up. */
  private static void delete(Path folder) {
    try (Stream<Path> walk = Files.walk(folder)) {
      List<Path> files = walk.sorted(Comparator.reverseOrder()).toList();
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // It is in the folder for temporary files.
    }
  }
}
