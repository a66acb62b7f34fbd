package dev.polylm.internal.unpacked;

import dev.polylm.PolyLmException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A new temporary folder that only this user can access. It is deleted when it is closed, or at the
 * latest when the JVM ends.
 *
 * <p>A lock file next to it shows that its process is alive. Making a folder deletes this user's
 * folders whose lock nobody holds: their processes were killed. The lock is made and held before
 * the folder is made, and deleted after it. So two processes may start at once.
 */
public final class PrivateFolder implements AutoCloseable {
  /** The property that names the folder for temporary files. */
  static final String TEMPORARY_FILES = "java.io.tmpdir";

  private static final int BUFFER_BYTES = 1 << 16;
  private static final String PREFIX = "polylm-unpacked-";
  private static final String LOCK = ".lock";
  private static final Pattern NAME =
      Pattern.compile("(" + PREFIX + "([0-9a-f]{32})-[0-9a-f]{32})(" + Pattern.quote(LOCK) + ")?");

  /**
   * The property where all class loaders of a JVM see which folders belong to it. The JVM must not
   * open their locks: under POSIX a process loses a lock when it closes any channel to the file.
   */
  private static final String PROCESS_PROPERTY = "dev.polylm.process";

  private final Path path;
  private final Path lockFile;
  private final FileChannel lock; // the lock is held while this is open

  private PrivateFolder(Path path, Path lockFile, FileChannel lock) {
    this.path = path;
    this.lockFile = lockFile;
    this.lock = lock;
  }

  /**
   * Makes a folder, and deletes those of killed processes.
   *
   * @throws PolyLmException if the folder for temporary files is missing or can't be written to
   */
  public static PrivateFolder create() {
    return create(Path.of(System.getProperty(TEMPORARY_FILES)));
  }

  static PrivateFolder create(Path temporaryFiles) {
    Path parent = temporaryFiles.toAbsolutePath();
    try {
      PrivateFolder folder = createIn(parent);
      deleteLeftovers(parent, Files.getOwner(folder.lockFile, LinkOption.NOFOLLOW_LINKS));
      return folder;
    } catch (IOException e) {
      throw failure(parent, e);
    }
  }

  private static PolyLmException failure(Path folder, IOException e) {
    return new PolyLmException(
        "%s: can't hold what PolyLM unpacks: %s; name another folder for temporary files by -D%s=DIR"
            .formatted(folder, reason(e), TEMPORARY_FILES),
        e);
  }

  /** Returns the reason of an exception. The messages of some exceptions are only a path. */
  private static @Nullable String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such folder";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof FileAlreadyExistsException existing) {
      return Path.of(existing.getFile()).getFileName() + " exists already";
    }
    return e instanceof FileSystemException failure ? failure.getReason() : e.getMessage();
  }

  private static PrivateFolder createIn(Path parent) throws IOException {
    boolean posix = parent.getFileSystem().supportedFileAttributeViews().contains("posix");
    while (true) {
      String name = PREFIX + processId() + "-" + random();
      Path lockFile = parent.resolve(name + LOCK);
      FileChannel lock =
          FileChannel.open(
              lockFile,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              ownerOnly(posix, "rw-------"));
      // Before the file is locked, another process may take it for a leftover and delete it.
      if (lock.tryLock() != null && Files.exists(lockFile, LinkOption.NOFOLLOW_LINKS)) {
        lockFile.toFile().deleteOnExit();
        Path path = Files.createDirectory(parent.resolve(name), ownerOnly(posix, "rwx------"));
        path.toFile().deleteOnExit();
        return new PrivateFolder(path, lockFile, lock);
      }
      lock.close();
    }
  }

  private static FileAttribute<?>[] ownerOnly(boolean posix, String permissions) {
    return posix // elsewhere the folder for temporary files is the user's own
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private static String processId() {
    return String.valueOf(
        System.getProperties().computeIfAbsent(PROCESS_PROPERTY, property -> random()));
  }

  private static String random() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  private static void deleteLeftovers(Path parent, UserPrincipal user) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path entry : entries) {
        Matcher name = NAME.matcher(String.valueOf(entry.getFileName()));
        if (name.matches()
            && !name.group(2).equals(processId())
            && Files.getOwner(entry, LinkOption.NOFOLLOW_LINKS).equals(user)) {
          deleteUnlocked(parent.resolve(name.group(1)), parent.resolve(name.group(1) + LOCK));
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // Another process deleted them first, or a later process will.
    }
  }

  private static void deleteUnlocked(Path path, Path lockFile) throws IOException {
    try (FileChannel lock = openLock(lockFile)) {
      if (lock == null || lock.tryLock() != null) {
        delete(path);
        Files.deleteIfExists(lockFile);
      }
    } catch (OverlappingFileLockException e) {
      // Another thread is about to delete it.
    }
  }

  /**
   * Opens a lock file, or returns null if there is none: its process, or another that deletes the
   * folder, no longer needs it.
   */
  private static @Nullable FileChannel openLock(Path lockFile) throws IOException {
    return Files.exists(lockFile, LinkOption.NOFOLLOW_LINKS)
        ? FileChannel.open(lockFile, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)
        : null;
  }

  private static void delete(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
        for (Path file : files) {
          Files.deleteIfExists(file);
        }
      }
    }
    Files.deleteIfExists(path);
  }

  /** Returns the folder, an absolute path. */
  public Path path() {
    return path;
  }

  /**
   * Copies a stream to a new file in the folder.
   *
   * @throws IOException if the source can't be read
   * @throws PolyLmException if the file can't be written
   */
  public Path unpack(InputStream source, String name) throws IOException {
    Path file = path.resolve(name);
    file.toFile().deleteOnExit();
    try (OutputStream target = newFile(file)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int count = source.read(buffer); count >= 0; count = source.read(buffer)) {
        write(target, buffer, count);
      }
    }
    return file;
  }

  private OutputStream newFile(Path file) {
    try {
      return Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  private void write(OutputStream target, byte[] bytes, int count) {
    try {
      target.write(bytes, 0, count);
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  /** Deletes the folder with its files; idempotent. */
  @Override
  public void close() {
    try (lock) {
      delete(path);
      Files.deleteIfExists(lockFile);
    } catch (IOException e) {
      // Windows keeps mapped and loaded files; a later process deletes them.
    }
  }
}
