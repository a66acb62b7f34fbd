package dev.polylm.export.files;

import dev.polylm.PolyLmException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder that is filled beside its final place and takes its final name in one step. So at any
 * time this name stands for a complete export or for none. Closing it before {@link #publish}
 * removes it.
 */
public final class OutputFolder implements AutoCloseable {
  private final Path target;
  private final Path partial;
  private final boolean replace;
  private boolean published;

  private OutputFolder(Path target, Path partial, boolean replace) {
    this.target = target;
    this.partial = partial;
    this.replace = replace;
  }

  /**
   * Creates the folder to be filled.
   *
   * @param target the final place, which {@link OutputPlace#check} found good
   * @param replace whether this model may replace one that is there already
   */
  public static OutputFolder create(Path target, boolean replace) {
    Path partial = sibling(target, "partial");
    try {
      Files.createDirectories(partial);
    } catch (IOException e) {
      throw new PolyLmException(
          "output %s can't be created: %s".formatted(target, HashedFile.reason(e)), e);
    }
    return new OutputFolder(target, partial, replace);
  }

  /** Returns the folder to be filled. */
  public Path path() {
    return partial;
  }

  /**
   * Gives the folder its final name, after all its files are on the disk.
   *
   * @throws PolyLmException if another folder has taken the name meanwhile
   */
  public void publish() {
    try {
      force(partial);
      if (replace) {
        exchange();
      } else {
        moveIn();
      }
      force(partial.resolveSibling("."));
    } catch (IOException e) {
      throw new PolyLmException(
          "output %s can't be put in place: %s".formatted(target, HashedFile.reason(e)), e);
    }
  }

  private void moveIn() throws IOException {
    try {
      // Checked first, because a rename silently replaces an empty folder.
      if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
        throw OutputPlace.existing(target);
      }
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      published = true;
    } catch (IOException e) {
      if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
        throw OutputPlace.existing(target);
      }
      throw e;
    }
  }

  /**
   * Moves the folder in, and moves aside whatever is there. Repeats this if another export came in
   * between.
   */
  private void exchange() throws IOException {
    while (!published) {
      Path old = moveAside();
      try {
        Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        published = true;
      } catch (IOException e) {
        if (Files.notExists(target, LinkOption.NOFOLLOW_LINKS)) {
          if (old != null) {
            Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
          }
          throw e;
        }
      }
      if (old != null) {
        delete(old);
      }
    }
  }

  private @Nullable Path moveAside() throws IOException {
    try {
      return Files.move(target, sibling(target, "old"), StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  @Override
  public void close() {
    if (published) {
      return;
    }
    try {
      delete(partial);
    } catch (IOException e) {
      throw new PolyLmException(
          "%s: can't be removed: %s".formatted(partial, HashedFile.reason(e)), e);
    }
  }

  private static Path sibling(Path target, String kind) {
    String random = UUID.randomUUID().toString().substring(0, 8);
    return target.resolveSibling(".%s.%s-%s".formatted(target.getFileName(), kind, random));
  }

  private static void delete(Path folder) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> entries = Files.walk(folder)) {
      deepestFirst = entries.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.delete(path);
    }
  }

  /** Brings a folder's entries to the disk, on systems that can open folders. */
  private static void force(Path folder) throws IOException {
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }
}
