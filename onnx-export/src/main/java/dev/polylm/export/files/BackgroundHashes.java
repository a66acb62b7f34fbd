package dev.polylm.export.files;

import dev.polylm.PolyLmException;
import dev.polylm.model.FileFacts;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Hashes large files on a thread of its own while others read them too. What one of them reads, the
 * other finds in the system's cache. Closing it stops the hashing.
 */
public final class BackgroundHashes implements AutoCloseable {
  private final FutureTask<SortedMap<String, FileFacts>> task;

  private BackgroundHashes(SortedMap<String, Path> files) {
    task = new FutureTask<>(() -> hash(files));
  }

  /** Starts with the first file by name. */
  public static BackgroundHashes start(SortedMap<String, Path> files) {
    BackgroundHashes hashes = new BackgroundHashes(files);
    Thread thread = new Thread(hashes.task, "polylm-hashes");
    thread.setDaemon(true);
    thread.start();
    return hashes;
  }

  private static SortedMap<String, FileFacts> hash(SortedMap<String, Path> files) {
    SortedMap<String, FileFacts> facts = new TreeMap<>();
    files.forEach((name, path) -> facts.put(name, HashedFile.factsOf(path)));
    return facts;
  }

  /**
   * Waits for all files.
   *
   * @throws PolyLmException if a file can't be read, or the waiting thread is interrupted
   */
  public SortedMap<String, FileFacts> facts() {
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PolyLmException("the export was interrupted", e);
    } catch (CancellationException e) {
      throw new IllegalStateException("the hashes were requested after the close", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof PolyLmException failure) {
        throw failure;
      }
      throw new IllegalStateException("files can't be hashed", e.getCause());
    }
  }

  @Override
  public void close() {
    task.cancel(true); // an interrupt closes the file that is being read
  }
}
