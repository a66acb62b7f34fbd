package dev.polylm.export.graph;

import dev.polylm.PolyLmException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/**
 * Holds data that is computed now and written later, in the temporary folder. The scales of a large
 * table are hundreds of megabytes. Closing it deletes the file; on Unix it also disappears when the
 * process is killed.
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

  /** Writes the first of some floats, as ONNX stores them. */
  void write(float[] values, int count, long position) {
    ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values, 0, count);
    write(bytes, position);
  }

  /** Returns written bytes, a window at a time. */
  void read(long position, long length, Consumer<ByteBuffer> target) {
    ByteBuffer window = ByteBuffer.allocate((int) Math.min(length, WINDOW));
    try {
      for (long done = 0; done < length; done += window.capacity()) {
        window.clear().limit((int) Math.min(window.capacity(), length - done));
        fill(window, position + done);
        target.accept(window.flip());
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Fills what remains of a buffer with written bytes. */
  void read(long position, ByteBuffer buffer) {
    try {
      fill(buffer, position);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void fill(ByteBuffer buffer, long position) throws IOException {
    long at = position;
    while (buffer.hasRemaining()) {
      int count = channel.read(buffer, at);
      if (count < 0) {
        throw new IllegalStateException(
            "%s bytes at %s were not written".formatted(buffer.remaining(), at));
      }
      at += count;
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
