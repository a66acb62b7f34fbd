package dev.polylm.internal.chat;

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
import java.nio.file.attribute.PosixFileAttributeView;
import org.jspecify.annotations.Nullable;

/**
 * A file that is written beside the one that it replaces and takes its name in one step, so that at
 * any time the name stands for the whole old file or the whole new one. A link to the old file
 * stays, and so do the old file's permissions.
 *
 * <p>While it is written it is locked. What is there under such a name and isn't locked was left
 * behind by a process that was killed: the next replacement of the same file removes it.
 */
final class SafeReplacement implements AutoCloseable {
  private static final String END = ".tmp";

  private final Path target;
  private final Path beside;
  private final FileChannel channel;

  private SafeReplacement(Path target, Path beside, FileChannel channel) {
    this.target = target;
    this.beside = beside;
    this.channel = channel;
  }

  /** Begins to replace a file, which need not be there. */
  static SafeReplacement of(Path file) throws IOException {
    Path target = followed(file.toAbsolutePath());
    removeLeftovers(target);
    while (true) {
      Path beside = Files.createTempFile(target.getParent(), prefix(target), END);
      FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE);
      // Before it was locked another process may have taken it for a leftover.
      if (channel.tryLock() != null && Files.exists(beside)) {
        return new SafeReplacement(target, beside, channel);
      }
      channel.close();
    }
  }

  /** Returns what a link, or a chain of them, leads to, whether it is there or not. */
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

  /** Returns the names that {@link Files#createTempFile} gives: a number between beginning and end. */
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
  FileChannel channel() {
    return channel;
  }

  /** Puts the new file, once it is on the disk, in the old one's place. */
  void publish() throws IOException {
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

  /** Removes what was not published. */
  @Override
  public void close() throws IOException {
    try {
      Files.deleteIfExists(beside);
    } finally {
      channel.close();
    }
  }
}
