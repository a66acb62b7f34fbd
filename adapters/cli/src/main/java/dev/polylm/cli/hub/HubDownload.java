package dev.polylm.cli.hub;

import dev.polylm.PolyLmException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Copies a checkpoint from a hub. Several files come at once, into a folder beside the one asked
 * for, which takes that one's name when all are whole and checked. What an earlier try left there
 * is used.
 */
public final class HubDownload {
  private static final int FILES_AT_ONCE = 4;
  private static final Duration LONGEST_END = Duration.ofSeconds(10);

  private final HubClient client;
  private final Duration firstWait;
  private final Duration longestStall;
  private final Consumer<String> notes;

  /**
   * @param endpoint the hub's address
   * @param token the token for repositories that are not public, or null
   * @param firstWait how long to wait after a break; twice as long after the next
   * @param longestStall how long a connection may give no byte
   * @param notes gets a sentence before each wait for the hub's list; a copy's progress shows its
   *     own
   */
  public HubDownload(
      URI endpoint,
      @Nullable String token,
      Duration firstWait,
      Duration longestStall,
      Consumer<String> notes) {
    this.client = new HubClient(endpoint, token);
    this.firstWait = firstWait;
    this.longestStall = longestStall;
    this.notes = notes;
  }

  /**
   * Returns the address of a hub.
   *
   * @throws PolyLmException if it is no http or https address
   */
  public static URI endpoint(String text) {
    try {
      URI endpoint = URI.create(text);
      if (endpoint.getHost() != null
          && ("https".equals(endpoint.getScheme()) || "http".equals(endpoint.getScheme()))) {
        return endpoint;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new PolyLmException("the endpoint is \"%s\", must be an https address".formatted(text));
  }

  /**
   * Asks what a repository holds.
   *
   * @param name owner and name
   * @param revision a branch, a tag or a commit
   */
  public HubRepository repository(String name, String revision) throws InterruptedException {
    if (!HubRepository.NAME.matcher(name).matches()) {
      throw new PolyLmException(
          "\"%s\" is no repository; expected owner/name, such as DAMO-NLP-MT/polylm-1.7b"
              .formatted(name));
    }
    URI address =
        client.address(
            "/api/models/%s/revision/%s?blobs=true"
                .formatted(name, URLEncoder.encode(revision, StandardCharsets.UTF_8)));
    Retries retries = new Retries(firstWait, notes);
    try (StallGuard guard = new StallGuard(longestStall)) {
      while (true) {
        try {
          return HubRepository.parse(name, client.text(address, guard));
        } catch (IOException e) {
          retries.await(name, false, e);
        }
      }
    }
  }

  /**
   * Copies the files of a repository.
   *
   * @param target the folder to make; it must not exist
   * @param progress gets the number of bytes that came, from several threads
   */
  public void copy(HubRepository repository, Path target, LongConsumer progress)
      throws InterruptedException {
    if (Files.exists(target)) {
      throw new PolyLmException(target + ": exists; remove it, or name another folder");
    }
    Path parts = target.resolveSibling(target.getFileName() + ".part");
    try {
      Files.createDirectories(parts);
      checkSpace(parts, repository);
      copyAll(repository, parts, progress);
      for (HubFile file : repository.files()) {
        Files.move(
            part(parts, file), parts.resolve(file.name()), StandardCopyOption.REPLACE_EXISTING);
      }
      removeOthers(repository, parts);
      Files.move(parts, target);
    } catch (IOException e) {
      throw new PolyLmException("%s: can't be written: %s".formatted(parts, e.getMessage()), e);
    }
  }

  private static void checkSpace(Path parts, HubRepository repository) throws IOException {
    long there = 0;
    for (HubFile file : repository.files()) {
      Path part = part(parts, file);
      there += Files.exists(part) ? Files.size(part) : 0;
    }
    FileStore store = Files.getFileStore(parts);
    long needed = repository.bytes() - there;
    if (store.getUsableSpace() < needed) {
      throw new PolyLmException(
          "%s: the disk has %s bytes left, the download needs %s"
              .formatted(parts, store.getUsableSpace(), needed));
    }
  }

  /** A part's name tells its content, so that one of another commit is not gone on with. */
  private static Path part(Path parts, HubFile file) {
    return parts.resolve(file.name() + "." + file.hash());
  }

  private void copyAll(HubRepository repository, Path parts, LongConsumer progress)
      throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(FILES_AT_ONCE);
    try (StallGuard guard = new StallGuard(longestStall)) {
      ExecutorCompletionService<Void> copies = new ExecutorCompletionService<>(threads);
      for (HubFile file : repository.files()) {
        copies.submit(
            () -> {
              new FileDownload(
                      client, address(repository, file), file, part(parts, file), guard, progress)
                  .run(new Retries(firstWait, note -> {}));
              return null;
            });
      }
      for (int i = 0; i < repository.files().size(); i++) {
        copies.take().get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    } finally {
      end(threads);
    }
  }

  /** Waits for the threads, since the next try goes on with the parts that they write. */
  private static void end(ExecutorService threads) {
    threads.shutdownNow();
    boolean interrupted = Thread.interrupted();
    try {
      threads.awaitTermination(LONGEST_END.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private URI address(HubRepository repository, HubFile file) {
    return client.address(
        "/%s/resolve/%s/%s".formatted(repository.name(), repository.commit(), file.name()));
  }

  /** Removes parts of other commits. */
  private static void removeOthers(HubRepository repository, Path parts) throws IOException {
    List<Path> others = new ArrayList<>();
    try (var all = Files.list(parts)) {
      all.filter(
              path ->
                  repository.files().stream()
                      .noneMatch(file -> path.equals(parts.resolve(file.name()))))
          .forEach(others::add);
    }
    for (Path other : others) {
      Files.delete(other);
    }
  }
}
