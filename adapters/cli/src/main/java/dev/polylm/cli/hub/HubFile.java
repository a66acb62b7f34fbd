package dev.polylm.cli.hub;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file of a repository.
 *
 * @param name its name, a plain one
 * @param size its length in bytes
 * @param hash the hexadecimal SHA-256 of a large file, or Git's SHA-1 of a small one
 */
record HubFile(String name, long size, String hash) {
  private static final int SHA_256_DIGITS = 64;

  /** Returns a digest that has read what the hash covers before the file's content. */
  MessageDigest newDigest() {
    try {
      if (hash.length() == SHA_256_DIGITS) {
        return MessageDigest.getInstance("SHA-256");
      }
      // Git hashes "blob", the length and a zero byte before the content.
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      digest.update("blob %s\0".formatted(size).getBytes(StandardCharsets.US_ASCII));
      return digest;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has both
    }
  }

  /**
   * Checks that the digest of the whole file is the hash.
   *
   * @throws WrongContentException if it is not
   */
  void check(MessageDigest digest) {
    String found = HexFormat.of().formatHex(digest.digest());
    if (!found.equals(hash)) {
      throw new WrongContentException(
          "%s: has the hash %s, expected %s; it was damaged on its way, or is another file"
              .formatted(name, found, hash));
    }
  }
}
