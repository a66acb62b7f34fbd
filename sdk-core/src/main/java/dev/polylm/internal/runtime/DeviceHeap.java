package dev.polylm.internal.runtime;

import com.sun.jna.Pointer;
import java.util.OptionalLong;

/** The memory of a device, by its address. Thread-safe. */
interface DeviceHeap {
  /** Returns the name of the device. */
  String device();

  /** Returns ONNX Runtime's name for the memory: {@code Cuda} or {@code Cpu}. */
  String memoryName();

  /** Returns which device of this kind it is. */
  int index();

  /** Returns how many bytes are free, if the device has memory of its own. */
  OptionalLong free();

  /**
   * Allocates zeroed memory.
   *
   * @throws dev.polylm.PolyLmException if there is not enough
   */
  Pointer allocate(long bytes);

  void free(Pointer memory);

  /**
   * Allocates memory of the host that the device can read and write itself.
   *
   * @throws dev.polylm.PolyLmException if there is not enough
   */
  NativeMemory allocateHost(int bytes);

  /** Copies pieces of equal length, each a stride after the one before. May return before. */
  void copy(
      Pointer source, long sourceStride, Pointer target, long targetStride, int length, int pieces);

  void read(Pointer source, byte[] target, int length);

  void write(Pointer target, byte[] source, int length);

  /** Waits until all copies are done. */
  void await();
}
