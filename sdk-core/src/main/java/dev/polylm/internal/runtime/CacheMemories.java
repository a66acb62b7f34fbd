package dev.polylm.internal.runtime;

import ai.onnxruntime.OrtException;
import dev.polylm.internal.device.OpenSession;
import dev.polylm.internal.unpacked.OnnxRuntimeLibrary;
import dev.polylm.model.GraphKind;
import java.util.Set;

/** Chooses the memory for the keys and values of a session. */
final class CacheMemories {
  private static final String ATTENTION = "GroupQueryAttention";

  /**
   * If this property is {@code true}, the cache of a model on the CPU is kept and reached as a
   * GPU's is, in memory of the C library. The build's tests set it, so that the code for a GPU is
   * tested without one. It costs a little speed and gains nothing.
   */
  private static final String IN_C_MEMORY = "dev.polylm.cacheInCMemory";

  private CacheMemories() {}

  /**
   * Returns the memory. It is the GPU's own if the GPU runs the attention, which alone reads and
   * writes keys and values. Else they would cross the bus in every step.
   *
   * @param adapters whether the graph takes adapters; it then computes with 32-bit floats, whose
   *     attention no GPU runs
   * @param onCpu the types of the nodes that the CPU runs although the device is a GPU
   */
  static CacheMemory of(
      OpenSession session, GraphKind kind, boolean adapters, int vocabSize, Set<String> onCpu)
      throws OrtException {
    if (kind == GraphKind.FUSED && !adapters) {
      if (session.device().isCuda() && !onCpu.contains(ATTENTION)) {
        return new BoundMemory(session.session(), new CudaHeap(session.device()), vocabSize);
      }
      if (session.device().isCpu() && Boolean.getBoolean(IN_C_MEMORY)) {
        return new BoundMemory(session.session(), new CHeap(), vocabSize);
      }
    }
    return new HostMemory(OnnxRuntimeLibrary.environment(), kind, vocabSize);
  }
}
