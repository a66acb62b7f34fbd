package dev.polylm.cli.hub;

import dev.polylm.PolyLmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The cache that Hugging Face's programs keep: a repository is a folder {@code models--owner--name}
 * with {@code refs/main}, which names a commit, and {@code snapshots/COMMIT}, whose files are
 * links.
 */
public final class HubCache {
  private static final String PREFIX = "models--";
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  private HubCache() {}

  /**
   * Returns the folder of a checkpoint.
   *
   * @param checkpoint a folder, a repository's folder in the cache, or owner/name of a repository
   *     in the cache
   * @param environment the process's variables, which say where the cache is
   * @return the folder itself unless it is a repository's
   */
  public static Path checkpoint(String checkpoint, Map<String, String> environment) {
    Path path = Path.of(checkpoint);
    if (Files.isDirectory(path)) {
      return isRepository(path) ? snapshot(path) : path;
    }
    if (HubRepository.NAME.matcher(checkpoint).matches()) {
      Path repository = folder(environment).resolve(PREFIX + checkpoint.replace("/", "--"));
      if (Files.isDirectory(repository)) {
        return snapshot(repository);
      }
    }
    return path;
  }

  private static boolean isRepository(Path folder) {
    return String.valueOf(folder.toAbsolutePath().normalize().getFileName()).startsWith(PREFIX)
        && Files.isDirectory(folder.resolve("snapshots"));
  }

  private static Path folder(Map<String, String> environment) {
    String cache = environment.getOrDefault("HF_HUB_CACHE", "");
    if (!cache.isEmpty()) {
      return Path.of(cache);
    }
    String home = environment.getOrDefault("HF_HOME", "");
    return home.isEmpty()
        ? Path.of(System.getProperty("user.home"), ".cache", "huggingface", "hub")
        : Path.of(home, "hub");
  }

  private static Path snapshot(Path repository) {
    Path ref = repository.resolve("refs").resolve("main");
    try {
      if (Files.isRegularFile(ref)) {
        String commit = Files.readString(ref).strip();
        if (!COMMIT.matcher(commit).matches()) {
          throw new PolyLmException(
              "%s: names the commit \"%s\", expected 40 hexadecimal digits".formatted(ref, commit));
        }
        return repository.resolve("snapshots").resolve(commit);
      }
      try (Stream<Path> snapshots = Files.list(repository.resolve("snapshots"))) {
        List<Path> all = snapshots.sorted().toList();
        if (all.size() == 1) {
          return all.get(0);
        }
        throw new PolyLmException(
            "%s: has no refs/main and %s snapshots; name a folder in snapshots"
                .formatted(repository, all.size()));
      }
    } catch (IOException e) {
      throw new PolyLmException("%s: can't be read: %s".formatted(repository, e.getMessage()), e);
    }
  }
}
