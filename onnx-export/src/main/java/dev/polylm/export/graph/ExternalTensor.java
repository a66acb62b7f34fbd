package dev.polylm.export.graph;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.polylm.export.quantize.BlockFormat;
import dev.polylm.export.quantize.TensorQuantizer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A constant of a graph, converted while it is written, a window at a time. */
public interface ExternalTensor {

  String name();

  /**
   * Returns the name of the tensor that holds the bytes. This is the tensor's own name, or the name
   * of a written tensor that has the same bytes.
   */
  default String storedAs() {
    return name();
  }

  DataType type();

  List<Long> shape();

  /** Returns the length of what {@link #write} writes. */
  long bytes();

  /**
   * Brings what {@link #write} will read into the system's file cache; another thread may call this
   * while the tensors before this one are written.
   *
   * @throws dev.polylm.PolyLmException if the checkpoint can't be read
   */
  default void readAhead() {}

  /**
   * Writes all elements in row-major order, little-endian.
   *
   * @param target takes one window after the other and empties the buffer, which is then used again
   * @throws dev.polylm.PolyLmException if the checkpoint can't be read
   */
  void write(Consumer<ByteBuffer> target);

  /**
   * Returns how the weight in this tensor was stored, once it is written; empty if another tensor
   * reports it.
   */
  Optional<Summary> summary();

  /**
   * How a weight was stored.
   *
   * @param name such as {@code h.3.attn.c_attn.weight}
   * @param type such as {@code fp32} or {@code int4 block 128}
   * @param bytes the length of all that is stored for it, scales and zero points included
   * @param relativeError the square root of the sum of squared errors divided by the sum of squared
   *     weights; NaN if weights are not finite
   */
  public record Summary(String name, String type, long bytes, double relativeError) {

    static Summary of(String name, BlockFormat format, TensorQuantizer.Result result) {
      String type = "int%s block %s".formatted(format.bits(), format.blockSize());
      return new Summary(name, type, result.bytes(), result.relativeError());
    }
  }
}
