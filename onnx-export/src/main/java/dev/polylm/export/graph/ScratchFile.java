package dev.polylm.export.graph;

import dev.polylm.PolyLmException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/**
 * Holds what is computed now and written later, in the temporary folder: the scales of a large
 * table are hundreds of megabytes. Gone when it is closed, on Unix also when the process is killed.
 */
final class ScratchFile implements AutoCloseable {
  private static final int WINDOW = 1 << 18;

  private final FileChannel channel;

  ScratchFile() {
    try {
      Path path = Files.createTempFile("polylm-", ".scratch");
      channel =
          FileChannel.open(
              path,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Writes what remains in a buffer. */
  void write(ByteBuffer buffer, long position) {
    long at = position;
    try {
      while (buffer.hasRemaining()) {
        at += channel.write(buffer, at);
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Gives bytes that were written, a window at a time. */
  void read(long position, long length, Consumer<ByteBuffer> target) {
    ByteBuffer window = ByteBuffer.allocate((int) Math.min(length, WINDOW));
    try {
      for (long done = 0; done < length; done += window.capacity()) {
        window.clear().limit((int) Math.min(window.capacity(), length - done));
        while (window.hasRemaining()) {
          if (channel.read(window, position + done + window.position()) < 0) {
            throw new IllegalStateException(
                "%d bytes at %d were not all written".formatted(length, position));
          }
        }
        target.accept(window.flip());
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static PolyLmException failed(IOException e) {
    return new PolyLmException(
        "the temporary folder %s can't be used: %s"
            .formatted(System.getProperty("java.io.tmpdir"), e),
        e);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw failed(e);
    }
  }
}
