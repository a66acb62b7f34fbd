package dev.polylm.internal.runtime;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.polylm.PolyLmException;
import java.util.OptionalLong;

/** The C library's heap as a device's memory. It stands for a GPU's in tests. */
final class CHeap implements DeviceHeap {
  @Override
  public String device() {
    return "C memory";
  }

  @Override
  public String memoryName() {
    return "Cpu";
  }

  @Override
  public int index() {
    return 0;
  }

  @Override
  public OptionalLong free() {
    return OptionalLong.empty();
  }

  @Override
  public Pointer allocate(long bytes) {
    long address = Native.malloc(bytes);
    if (address == 0) {
      throw new PolyLmException("%s bytes of C memory can't be had".formatted(bytes));
    }
    Pointer memory = new Pointer(address);
    memory.clear(bytes);
    return memory;
  }

  @Override
  public void free(Pointer memory) {
    Native.free(Pointer.nativeValue(memory));
  }

  @Override
  public NativeMemory allocateHost(int bytes) {
    Pointer memory = allocate(bytes);
    return NativeMemory.of(memory.getByteBuffer(0, bytes), () -> free(memory));
  }

  @Override
  public void copy(
      Pointer source,
      long sourceStride,
      Pointer target,
      long targetStride,
      int length,
      int pieces) {
    for (int piece = 0; piece < pieces; piece++) {
      target
          .getByteBuffer(piece * targetStride, length)
          .put(source.getByteBuffer(piece * sourceStride, length));
    }
  }

  @Override
  public void read(Pointer source, byte[] target, int length) {
    source.read(0, target, 0, length);
  }

  @Override
  public void write(Pointer target, byte[] source, int length) {
    target.write(0, source, 0, length);
  }

  @Override
  public void await() {}
}
