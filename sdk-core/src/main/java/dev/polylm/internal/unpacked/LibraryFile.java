package dev.polylm.internal.unpacked;

import dev.polylm.PolyLmException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Unpacks a library from a jar, and checks that the file has the jar's bytes. */
final class LibraryFile {
  private LibraryFile() {}

  /**
   * Unpacks a library if the jar has it.
   *
   * @param owner a class of the jar; this does not initialize it
   * @return false if the jar has none
   * @throws PolyLmException if the library can't be unpacked
   */
  static boolean unpack(Class<?> owner, String resource, PrivateFolder folder, String file) {
    try (InputStream source = owner.getResourceAsStream(resource)) {
      if (source == null) {
        return false;
      }
      DigestInputStream read = new DigestInputStream(source, sha256());
      Path unpacked = folder.unpack(read, file);
      if (!MessageDigest.isEqual(read.getMessageDigest().digest(), digest(unpacked))) {
        throw new PolyLmException(
            "%s: holds other bytes than %s of the jar; another program has changed it"
                .formatted(unpacked, resource));
      }
      return true;
    } catch (IOException e) {
      throw new PolyLmException(
          "%s: can't be read from its jar or %s: %s"
              .formatted(resource, folder.path(), e.getMessage()),
          e);
    }
  }

  private static byte[] digest(Path file) throws IOException {
    try (DigestInputStream stored = new DigestInputStream(Files.newInputStream(file), sha256())) {
      byte[] buffer = new byte[1 << 16];
      int count = 0;
      while (count >= 0) {
        count = stored.read(buffer);
      }
      return stored.getMessageDigest().digest();
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
