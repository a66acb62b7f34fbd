package dev.polylm.cli.hub;

import dev.polylm.PolyLmException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.function.LongConsumer;

/**
 * Copies one file. What is there already is kept: after a break the copy goes on with the next
 * byte. The whole is checked by size and hash.
 */
final class FileDownload {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int MOST_RESTARTS = 10;

  private final HubClient client;
  private final URI address;
  private final HubFile file;
  private final Path part;
  private final StallGuard guard;
  private final LongConsumer progress;
  private MessageDigest digest;
  private long have;
  private int restarts;

  /**
   * @param part where the copy is made; it may hold the file's beginning
   * @param progress gets the number of bytes that came; below zero if they are dropped
   */
  FileDownload(
      HubClient client,
      URI address,
      HubFile file,
      Path part,
      StallGuard guard,
      LongConsumer progress) {
    this.client = client;
    this.address = address;
    this.file = file;
    this.part = part;
    this.guard = guard;
    this.progress = progress;
    this.digest = file.newDigest();
  }

  /**
   * Copies what is missing.
   *
   * @throws PolyLmException if the hub refuses or fails again and again, what it sends is not the
   *     file, or the copy can't be written
   */
  void run(Retries retries) throws InterruptedException {
    try {
      hashPart();
      while (have < file.size() || !Files.exists(part)) {
        long before = have;
        try {
          copy();
          if (have < file.size()) {
            throw new IOException("the connection broke off after %s bytes".formatted(have));
          }
        } catch (IOException e) {
          retries.await(file.name(), have > before, e);
        }
      }
      file.check(digest);
    } catch (IOException e) {
      throw unwritable(e);
    } catch (WrongContentException e) {
      dropPart();
      throw e;
    }
  }

  /** Hashes the file's beginning that is there. */
  private void hashPart() throws IOException {
    if (!Files.exists(part)) {
      return;
    }
    if (Files.size(part) > file.size()) {
      Files.delete(part);
      return;
    }
    try (InputStream in = Files.newInputStream(part)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        took(buffer, n);
      }
    }
  }

  private void took(byte[] buffer, int n) {
    digest.update(buffer, 0, n);
    have += n;
    progress.accept(n);
  }

  private void dropPart() {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      throw unwritable(e);
    }
    progress.accept(-have);
    have = 0;
    digest = file.newDigest();
  }

  /** Appends what the hub sends. */
  private void copy() throws IOException, InterruptedException {
    HttpResponse<InputStream> response = client.open(address, have);
    try (InputStream in = guard.watched(response.body())) {
      if (have > 0 && !continues(response)) {
        if (++restarts > MOST_RESTARTS) {
          throw new PolyLmException(
              "%s: the hub broke off %s times, and can't go on in the middle"
                  .formatted(file.name(), restarts));
        }
        dropPart();
        if (response.statusCode() != 200) {
          return;
        }
      }
      try (OutputStream out = open()) {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          if (have + n > file.size()) {
            throw new WrongContentException(
                "%s: the hub sends more than the %s bytes that it stated"
                    .formatted(file.name(), file.size()));
          }
          write(out, buffer, n);
          took(buffer, n);
        }
      }
    }
  }

  private boolean continues(HttpResponse<InputStream> response) {
    return response.statusCode() == 206
        && response
            .headers()
            .firstValue("Content-Range")
            .orElse("")
            .startsWith("bytes %s-".formatted(have));
  }

  private OutputStream open() {
    try {
      return Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private void write(OutputStream out, byte[] buffer, int n) {
    try {
      out.write(buffer, 0, n);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private PolyLmException unwritable(IOException e) {
    return new PolyLmException("%s: can't be written: %s".formatted(part, e.getMessage()), e);
  }
}
