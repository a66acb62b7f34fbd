package dev.polylm.export.files;

import dev.polylm.PolyLmException;
import dev.polylm.model.FileFacts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A new file that is written from beginning to end and hashed while it is written. */
public final class HashedFile implements AutoCloseable {
  private static final int BUFFER = 1 << 16;
  private static final ByteBuffer ZEROS = ByteBuffer.allocate(BUFFER).asReadOnlyBuffer();

  private final Path path;
  private final FileChannel channel;
  private final MessageDigest digest = sha256();
  private long bytes;

  /**
   * Creates the file.
   *
   * @throws PolyLmException if it is there already or can't be created
   */
  public HashedFile(Path path) {
    this.path = path;
    try {
      this.channel =
          FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw unwritable(path, e);
    }
  }

  /** Writes a small file as a whole. */
  public static FileFacts write(Path path, byte[] content) {
    try (HashedFile file = new HashedFile(path)) {
      file.write(ByteBuffer.wrap(content));
      return file.finish();
    }
  }

  /** Writes a small text as a whole, in UTF-8. */
  public static FileFacts write(Path path, String content) {
    return write(path, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Brings a file that others wrote to the disk, and returns its length and hash. */
  public static FileFacts force(Path path) {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.force(true);
    } catch (IOException e) {
      throw unwritable(path, e);
    }
    return factsOf(path);
  }

  /**
   * Returns the length and hash of an existing file.
   *
   * @throws PolyLmException if it can't be read
   */
  public static FileFacts factsOf(Path path) {
    MessageDigest digest = sha256();
    long bytes = 0;
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
      while (channel.read(buffer.clear()) >= 0) {
        bytes += buffer.flip().remaining();
        digest.update(buffer);
      }
    } catch (IOException e) {
      throw new PolyLmException("%s: can't be read: %s".formatted(path, reason(e)), e);
    }
    return facts(bytes, digest);
  }

  /** Returns how many bytes were written so far. */
  public long bytes() {
    return bytes;
  }

  /** Writes what remains in a buffer. */
  public void write(ByteBuffer buffer) {
    bytes += buffer.remaining();
    digest.update(buffer.duplicate());
    try {
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    } catch (IOException e) {
      throw unwritable(path, e);
    }
  }

  /** Writes zeros up to an offset from the file's beginning. */
  public void padTo(long offset) {
    while (bytes < offset) {
      write(ZEROS.duplicate().limit((int) Math.min(BUFFER, offset - bytes)));
    }
  }

  /** Brings everything to the disk, and returns the length and hash. */
  public FileFacts finish() {
    try {
      channel.force(true);
    } catch (IOException e) {
      throw unwritable(path, e);
    }
    return facts(bytes, digest);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw unwritable(path, e);
    }
  }

  private static FileFacts facts(long bytes, MessageDigest digest) {
    return new FileFacts(bytes, HexFormat.of().formatHex(digest.digest()));
  }

  private static PolyLmException unwritable(Path path, IOException e) {
    return new PolyLmException("%s: can't be written: %s".formatted(path, reason(e)), e);
  }

  static String reason(IOException e) {
    String type = e.getClass().getSimpleName();
    return e.getMessage() == null ? type : "%s: %s".formatted(type, e.getMessage());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
