package dev.polylm.export.tensor;

import dev.polylm.PolyLmException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;

/**
 * A tensor whose elements follow each other in a file, row-major and little-endian. Reading takes a
 * window of the file at a time, whatever the tensor's size.
 *
 * @param name as in the checkpoint
 * @param source the file
 * @param type of the elements
 * @param shape outermost dimension first
 * @param position of the first element in the file, in bytes
 */
public record FileTensor(
    String name, WeightFile source, ElementType type, List<Long> shape, long position)
    implements StoredTensor {

  /** Large enough for the disk's speed, and small enough for the processor's cache. */
  private static final int WINDOW_BYTES = 1 << 18;

  public FileTensor {
    shape = List.copyOf(shape);
  }

  @Override
  public String file() {
    return source.name();
  }

  @Override
  public void read(long from, float[] target, int offset, int length) {
    Objects.checkFromIndexSize(from, length, elements());
    Objects.checkFromIndexSize(offset, length, target.length);
    if (!type.isWeight()) {
      throw new PolyLmException(
          "%s: tensor %s has type %s, expected %s"
              .formatted(file(), name, type, ElementType.WEIGHTS));
    }
    int window = Math.min(length, WINDOW_BYTES / type.bytes());
    ByteBuffer buffer = ByteBuffer.allocate(window * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    int count;
    for (int done = 0; done < length; done += count) {
      count = Math.min(window, length - done);
      buffer.clear().limit(count * type.bytes());
      source.read(buffer, position + (from + done) * type.bytes());
      Widening.widen(type, buffer.flip(), target, offset + done, count);
    }
  }

  @Override
  public void readAhead() {
    source.readAhead(position, elements() * type.bytes());
  }
}
