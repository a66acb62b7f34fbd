package dev.polylm.internal.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.polylm.internal.device.OrtFunctions;
import dev.polylm.internal.device.OrtFunctions.Name;
import dev.polylm.internal.runtime.RunTensors.RunShape;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A device's memory, which runs reach through ONNX Runtime's IoBinding. ONNX Runtime's Java classes
 * can't: they copy what a run gives to the host.
 */
final class BoundMemory implements CacheMemory {
  private static final int DEVICE_ALLOCATOR = 0; // OrtDeviceAllocator
  private static final int DEFAULT_MEMORY = 0; // OrtMemTypeDefault

  private final OrtFunctions functions = OrtFunctions.load();
  private final Pointer session;
  private final DeviceHeap heap;
  private final int vocabSize;
  private final Pointer hostInfo;
  private final Pointer deviceInfo;
  private final Map<String, Memory> names = new ConcurrentHashMap<>();

  /**
   * @param session the session whose runs use the memory, which is closed after it
   */
  BoundMemory(OrtSession session, DeviceHeap heap, int vocabSize) throws OrtException {
    this.session = functions.address(session);
    this.heap = heap;
    this.vocabSize = vocabSize;
    this.hostInfo = memoryInfo("Cpu", 0);
    try {
      this.deviceInfo = memoryInfo(heap.memoryName(), heap.index());
    } catch (OrtException e) {
      functions.release(Name.RELEASE_MEMORY_INFO, hostInfo);
      throw e;
    }
  }

  private Pointer memoryInfo(String name, int index) throws OrtException {
    return functions.create(
        Name.CREATE_MEMORY_INFO, name(name), DEVICE_ALLOCATOR, index, DEFAULT_MEMORY);
  }

  /** Returns a name as C reads it, made once. */
  Pointer name(String name) {
    return names.computeIfAbsent(
        name,
        text -> {
          Memory copy = new Memory(text.length() + 1L);
          copy.setString(0, text, "US-ASCII");
          return copy;
        });
  }

  OrtFunctions functions() {
    return functions;
  }

  Pointer session() {
    return session;
  }

  int vocabSize() {
    return vocabSize;
  }

  /** Makes a tensor over memory of the host. */
  Pointer hostTensor(Pointer data, OnnxJavaType type, long... shape) throws OrtException {
    return tensor(hostInfo, data, type, shape);
  }

  /** Makes a tensor over memory of the device. */
  Pointer deviceTensor(Pointer data, OnnxJavaType type, long... shape) throws OrtException {
    return tensor(deviceInfo, data, type, shape);
  }

  private Pointer tensor(Pointer info, Pointer data, OnnxJavaType type, long... shape)
      throws OrtException {
    long bytes = type.size;
    for (long size : shape) {
      bytes *= size;
    }
    return functions.create(
        Name.CREATE_TENSOR_WITH_DATA,
        info,
        data,
        bytes,
        shape,
        (long) shape.length,
        elementType(type));
  }

  /** Returns ONNX's number of a type (TensorProto.DataType in onnx.proto3). */
  private static int elementType(OnnxJavaType type) {
    return switch (type) {
      case FLOAT -> 1;
      case INT8 -> 3;
      case INT32 -> 6;
      case INT64 -> 7;
      case FLOAT16 -> 10;
      default -> throw new IllegalArgumentException(type.toString());
    };
  }

  @Override
  public String device() {
    return heap.device();
  }

  @Override
  public OptionalLong free() {
    return heap.free();
  }

  @Override
  public CacheBlock allocate(int bytes) {
    return new Block(heap, heap.allocate(bytes));
  }

  @Override
  public NativeMemory allocateHost(int bytes) {
    return heap.allocateHost(bytes);
  }

  @Override
  public RunTensors tensors(RunBuffers buffers, KeyValueCache cache, RunShape shape)
      throws OrtException {
    return new BoundTensors(this, buffers, cache, shape);
  }

  @Override
  public void await() {
    heap.await();
  }

  @Override
  public void close() {
    functions.release(Name.RELEASE_MEMORY_INFO, hostInfo);
    functions.release(Name.RELEASE_MEMORY_INFO, deviceInfo);
  }

  /** A block of the device's memory. */
  static final class Block implements CacheBlock {
    private final DeviceHeap heap;
    private final Pointer memory;
    private boolean closed;

    Block(DeviceHeap heap, Pointer memory) {
      this.heap = heap;
      this.memory = memory;
    }

    Pointer at(long offset) {
      return memory.share(offset);
    }

    @Override
    public void copy(
        long offset,
        long stride,
        CacheBlock target,
        long targetOffset,
        long targetStride,
        int length,
        int pieces) {
      heap.copy(
          at(offset), stride, ((Block) target).at(targetOffset), targetStride, length, pieces);
    }

    @Override
    public void read(long offset, byte[] target, int length) {
      heap.read(at(offset), target, length);
    }

    @Override
    public void write(long offset, byte[] source, int length) {
      heap.write(at(offset), source, length);
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        heap.free(memory);
      }
    }
  }
}
