package dev.polylm.export.graph;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A constant of a graph, converted while it is written, a window at a time. */
public interface ExternalTensor {

  String name();

  /**
   * The name of the tensor whose bytes this one has: its own, or another's that is written and that
   * this one only names once more.
   */
  default String storedAs() {
    return name();
  }

  DataType type();

  List<Long> shape();

  /** The length of what {@link #write} gives. */
  long bytes();

  /**
   * Brings what {@link #write} will read into the system's file cache; may be called by another
   * thread, while the tensors before this one are written.
   *
   * @throws dev.polylm.PolyLmException if the checkpoint can't be read
   */
  default void readAhead() {}

  /**
   * Gives all elements in row-major order, little-endian.
   *
   * @param target gets one window after the other; it empties the buffer, which is then used again
   * @throws dev.polylm.PolyLmException if the checkpoint can't be read
   */
  void write(Consumer<ByteBuffer> target);

  /**
   * What became of the weight that this tensor holds, once it was written; empty if another tensor
   * tells.
   */
  Optional<WeightSummary> summary();
}
