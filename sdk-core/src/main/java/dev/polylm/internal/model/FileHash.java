package dev.polylm.internal.model;

import dev.polylm.PolyLmException;
import dev.polylm.model.FileFacts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The SHA-256 of files. */
final class FileHash {
  private static final int BUFFER = 1 << 18;

  private FileHash() {}

  /**
   * Compares a file with its facts in the manifest.
   *
   * @throws PolyLmException if the file differs or can't be read
   */
  static void check(Path file, FileFacts stated) {
    FileFacts found = factsOf(file);
    if (!found.equals(stated)) {
      throw new PolyLmException(
          "%s: has %s bytes with SHA-256 %s, the manifest says %s with %s; the file was changed"
              .formatted(file, found.bytes(), found.sha256(), stated.bytes(), stated.sha256()));
    }
  }

  private static FileFacts factsOf(Path file) {
    byte[] buffer = new byte[BUFFER];
    long bytes = 0;
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
        bytes += read;
      }
      return new FileFacts(bytes, HexFormat.of().formatHex(digest.digest()));
    } catch (IOException e) {
      throw new PolyLmException("%s: can't be read: %s".formatted(file, e), e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
