package dev.polylm.export.tensor;

import dev.polylm.PolyLmException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of weights that is open for reading at any position. It may be larger than 2 GB. Safe for
 * use by several threads. Interrupting a thread that reads closes the file, as {@link FileChannel}
 * says.
 */
public final class WeightFile implements AutoCloseable {
  private static final String LFS_POINTER = "version https://git-lfs";

  private static final int SWEEP_BYTES = 1 << 20;

  private final Path path;
  private final String name;
  private final FileChannel channel;
  private final long size;

  private WeightFile(Path path, String name, FileChannel channel, long size) {
    this.path = path;
    this.name = name;
    this.channel = channel;
    this.size = size;
  }

  /**
   * Opens a file.
   *
   * @throws PolyLmException if it is not a regular file, is empty, or can't be opened
   */
  public static WeightFile open(Path path) {
    String name = String.valueOf(path.getFileName());
    if (!Files.isRegularFile(path)) {
      throw new PolyLmException(
          name + ": is not a regular file (missing, a folder, or a link to nothing): " + path);
    }
    try {
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
      WeightFile file = new WeightFile(path, name, channel, channel.size());
      file.checkStart();
      return file;
    } catch (IOException e) {
      throw new PolyLmException(name + ": can't be opened: " + e, e);
    }
  }

  /** Describes what is in the weights' place, for a download that went wrong. */
  private void checkStart() {
    ByteBuffer start = ByteBuffer.allocate((int) Math.min(size, LFS_POINTER.length()));
    read(start, 0);
    String text = new String(start.array(), StandardCharsets.ISO_8859_1);
    if (text.isEmpty() || text.equals(LFS_POINTER)) {
      close();
      throw new PolyLmException(
          name
              + (text.isEmpty() ? ": is empty" : ": is a pointer of Git LFS, not yet downloaded")
              + ", expected weights");
    }
  }

  public Path path() {
    return path;
  }

  /** Returns the file's name, for messages. */
  public String name() {
    return name;
  }

  /** Returns the file's size in bytes when it was opened. */
  public long size() {
    return size;
  }

  /**
   * Fills {@code buffer} from its position to its limit with the bytes at {@code position}.
   *
   * @throws PolyLmException if the file ends earlier, is closed, or can't be read
   */
  public void read(ByteBuffer buffer, long position) {
    long at = position;
    try {
      while (buffer.hasRemaining()) {
        int count = channel.read(buffer, at);
        if (count < 0) {
          throw new PolyLmException(
              name + ": ends at byte " + at + ", expected " + buffer.remaining() + " bytes more");
        }
        at += count;
      }
    } catch (ClosedByInterruptException e) {
      throw new PolyLmException(name + ": the thread was interrupted while it read", e);
    } catch (ClosedChannelException e) {
      throw new PolyLmException(name + ": the checkpoint is closed", e);
    } catch (IOException e) {
      throw new PolyLmException(name + ": can't be read at byte " + at + ": " + e, e);
    }
  }

  /**
   * Reads bytes ahead of their use, so that the system has them in its cache.
   *
   * @throws PolyLmException as {@link #read} does
   */
  void readAhead(long position, long length) {
    // With a buffer on the heap, the channel would copy each piece through a buffer of its own.
    ByteBuffer sweep = ByteBuffer.allocateDirect((int) Math.min(SWEEP_BYTES, length));
    for (long done = 0; done < length; done += sweep.capacity()) {
      read(sweep.clear().limit((int) Math.min(sweep.capacity(), length - done)), position + done);
    }
  }

  /** Ends reading; a second call does nothing. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new PolyLmException(name + ": can't be closed: " + e, e);
    }
  }
}
