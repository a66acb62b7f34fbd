package dev.polylm.export.onnx;

import dev.polylm.PolyLmException;
import dev.polylm.export.graph.ExternalTensor;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Reads ahead of the tensor that is being written, on a thread of its own. So the disk works while
 * the processor does.
 */
final class ReadAhead implements AutoCloseable {
  /** After a matrix, its scales, its bias and a norm, this many include the next matrix. */
  private static final int TENSORS = 8;

  private final List<ExternalTensor> tensors;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread reader = new Thread(task, "polylm-read-ahead");
            reader.setDaemon(true);
            return reader;
          });
  private int next;

  /**
   * @param tensors in the order in which they are written
   */
  ReadAhead(List<ExternalTensor> tensors) {
    this.tensors = tensors;
  }

  /** Starts reading the tensors that are written after a tensor. */
  void beyond(int index) {
    for (; next < Math.min(tensors.size(), index + 1 + TENSORS); next++) {
      ExternalTensor tensor = tensors.get(next);
      thread.execute(() -> read(tensor));
    }
  }

  private static void read(ExternalTensor tensor) {
    try {
      tensor.readAhead();
    } catch (PolyLmException e) {
      // The thread that writes the tensor meets the same error and reports it.
    }
  }

  /** Starts no other read. An interrupt would close the file for all its readers. */
  @Override
  public void close() {
    thread.shutdown();
  }
}
