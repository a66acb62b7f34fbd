package dev.polylm.export.files;

import dev.polylm.PolyLmException;
import dev.polylm.model.Manifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Decides whether a model may be written to a place. */
public final class OutputPlace {
  private OutputPlace() {}

  /**
   * Checks a place before anything is written.
   *
   * @param source the folder that is read; the output must not contain it or lie in it
   * @param output the place asked for
   * @param replace whether a model that is already there may be replaced
   * @return the place, absolute and without symbolic links above it
   * @throws PolyLmException if nothing may be written there
   */
  public static Path check(Path source, Path output, boolean replace) {
    try {
      Path target = real(output.toAbsolutePath().normalize());
      checkApart(source.toRealPath(), target);
      if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
        checkReplaceable(target, replace);
      }
      return target;
    } catch (IOException e) {
      throw new PolyLmException(
          "%s: can't be an output: %s".formatted(output, HashedFile.reason(e)), e);
    }
  }

  /**
   * Checks that the disk has enough free space.
   *
   * @param target a place that passed the check
   * @param bytes the least that will be written
   * @throws PolyLmException if the disk has fewer free bytes
   */
  public static void checkSpace(Path target, long bytes) {
    Path existing = target;
    while (existing.getParent() != null && Files.notExists(existing)) {
      existing = existing.getParent();
    }
    try {
      long free = Files.getFileStore(existing).getUsableSpace();
      if (free < bytes) {
        throw new PolyLmException(
            String.format(
                Locale.ROOT,
                "output %s needs %,d bytes, but its disk has %,d free",
                target,
                bytes,
                free));
      }
    } catch (IOException e) {
      throw new PolyLmException(
          "%s: can't be an output: %s".formatted(target, HashedFile.reason(e)), e);
    }
  }

  /**
   * Finds the folders that killed exports left beside a place: half-filled folders, or old models
   * that were about to be replaced. A folder that another export is still filling is among them.
   *
   * @param target a place that passed the check
   */
  public static List<Path> leftovers(Path target) {
    Path parent = target.resolveSibling("");
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    Pattern left =
        Pattern.compile(Pattern.quote("." + target.getFileName()) + "\\.(partial|old)-[0-9a-f]{8}");
    try (Stream<Path> entries = Files.list(parent)) {
      return entries
          .filter(entry -> left.matcher(entry.getFileName().toString()).matches())
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw new PolyLmException("%s: can't be read: %s".formatted(parent, e.getMessage()), e);
    }
  }

  /** Resolves the existing folders above a path. */
  private static Path real(Path path) throws IOException {
    Path parent = path.getParent();
    Path name = path.getFileName();
    if (parent == null || name == null) {
      throw new PolyLmException("output %s is a root, expected a folder in one".formatted(path));
    }
    if (Files.exists(parent)) {
      return parent.toRealPath().resolve(name);
    }
    return real(parent).resolve(name);
  }

  private static void checkApart(Path source, Path target) {
    if (target.startsWith(source)) {
      throw new PolyLmException(
          "output %s lies in the checkpoint %s, expected a place outside it"
              .formatted(target, source));
    }
    if (source.startsWith(target)) {
      throw new PolyLmException(
          "output %s holds the checkpoint %s, expected a place apart from it"
              .formatted(target, source));
    }
  }

  private static void checkReplaceable(Path target, boolean replace) throws IOException {
    if (!Files.isDirectory(target)) {
      throw new PolyLmException(
          "output %s is a file, expected a folder or nothing".formatted(target));
    }
    if (!replace) {
      throw existing(target);
    }
    if (!Files.isRegularFile(target.resolve(Manifest.FILE_NAME)) && !isEmpty(target)) {
      throw new PolyLmException(
          "output %s has files but no %s, expected an exported model to replace"
              .formatted(target, Manifest.FILE_NAME));
    }
  }

  static PolyLmException existing(Path target) {
    return new PolyLmException(
        "output %s exists already, expected nothing there unless it is to be replaced"
            .formatted(target));
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.findAny().isEmpty();
    }
  }
}
