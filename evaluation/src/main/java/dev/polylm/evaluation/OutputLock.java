package dev.polylm.evaluation;

import dev.polylm.PolyLmException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;

/** Keeps other evaluations out of an output folder. The lock ends with the process. */
final class OutputLock {
  private static final String FILE = ".lock";

  private OutputLock() {}

  /**
   * Makes a folder if it is missing, and locks it while something runs.
   *
   * @throws PolyLmException if another evaluation has the lock, or the folder is a file or can't be
   *     written
   */
  static <T> T whileLocked(Path folder, Supplier<T> run) {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new PolyLmException("%s: is no folder, expected one for the report".formatted(folder));
    }
    try {
      Files.createDirectories(folder);
      try (FileChannel channel =
          FileChannel.open(
              folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        if (!tryLock(channel)) {
          throw new PolyLmException(
              "%s: another evaluation writes there now; wait for its end or name another output"
                  .formatted(folder));
        }
        return run.get();
      }
    } catch (IOException e) {
      throw new PolyLmException("%s: can't be written: %s".formatted(folder, e), e);
    }
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) { // this process has it
      return false;
    }
  }
}
