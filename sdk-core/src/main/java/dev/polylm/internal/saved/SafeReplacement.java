package dev.polylm.internal.saved;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * Replaces a file atomically. The new file is written next to the old one and takes its name in one
 * step, so the name always belongs to a complete file, old or new. A link to the old file stays,
 * and so do the old file's permissions. {@link #of} makes a new file its owner's alone, and {@link
 * #readable} lets others read it as they may read any new file.
 *
 * <p>The new file is locked while it is written. A file with such a name that isn't locked was left
 * by a killed process. The next replacement of the same file removes it.
 */
public final class SafeReplacement implements AutoCloseable {
  private static final String END = ".tmp";

  /** What the process's umask allows of this is what a new file has. */
  private static final FileAttribute<?> ANYONE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-rw-rw-"));

  private final Path target;
  private final Path beside;
  private final FileChannel channel;

  private SafeReplacement(Path target, Path beside, FileChannel channel) {
    this.target = target;
    this.beside = beside;
    this.channel = channel;
  }

  /** Begins to replace a file, which need not exist. */
  public static SafeReplacement of(Path file) throws IOException {
    return begin(file);
  }

  /** Begins to replace a file that others may read, which need not exist. */
  public static SafeReplacement readable(Path file) throws IOException {
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix ? begin(file, ANYONE) : begin(file);
  }

  private static SafeReplacement begin(Path file, FileAttribute<?>... attributes)
      throws IOException {
    Path target = followed(file.toAbsolutePath());
    removeLeftovers(target);
    while (true) {
      Path beside = Files.createTempFile(target.getParent(), prefix(target), END, attributes);
      FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE);
      // Before it was locked, another process may have taken it for a leftover.
      if (channel.tryLock() != null && Files.exists(beside)) {
        return new SafeReplacement(target, beside, channel);
      }
      channel.close();
    }
  }

  /** Returns the target of a link or a chain of links, even if it does not exist. */
  private static Path followed(Path file) throws IOException {
    Path path = file;
    for (int links = 0; Files.isSymbolicLink(path); links++) {
      if (links == 40) {
        throw new IOException("too many links, one after the other");
      }
      path = path.resolveSibling(Files.readSymbolicLink(path)).normalize();
    }
    return path;
  }

  private static String prefix(Path target) {
    return "." + target.getFileName() + ".";
  }

  private static void removeLeftovers(Path target) throws IOException {
    String prefix = prefix(target);
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(
            target.getParent(), path -> isTemporary(path.getFileName() + "", prefix))) {
      for (Path file : files) {
        removeIfUnlocked(file);
      }
    }
  }

  /**
   * Returns whether {@link Files#createTempFile} may have made a name: a number between beginning
   * and end.
   */
  private static boolean isTemporary(String name, String prefix) {
    return name.startsWith(prefix)
        && name.endsWith(END)
        && name.length() > prefix.length() + END.length()
        && name.substring(prefix.length(), name.length() - END.length())
            .chars()
            .allMatch(c -> c >= '0' && c <= '9');
  }

  private static void removeIfUnlocked(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock lock = lock(channel)) {
      if (lock != null) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException e) {
      // Its writer has moved it meanwhile.
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // another thread of this process is writing it
    }
  }

  /** Returns the new file, to be written. */
  public FileChannel channel() {
    return channel;
  }

  /** Writes the new file to the disk, then puts it in the old file's place. */
  public void publish() throws IOException {
    keepPermissions();
    channel.force(true);
    try {
      Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(beside, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private void keepPermissions() throws IOException {
    PosixFileAttributeView old = Files.getFileAttributeView(target, PosixFileAttributeView.class);
    if (old != null && Files.exists(target)) {
      Files.setPosixFilePermissions(beside, old.readAttributes().permissions());
    }
  }

  /** Removes the new file if it was not published. */
  @Override
  public void close() throws IOException {
    try {
      Files.deleteIfExists(beside);
    } finally {
      channel.close();
    }
  }
}
