package dev.polylm.internal.runtime;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import dev.polylm.PolyLmException;
import dev.polylm.internal.device.Device;
import dev.polylm.internal.device.DeviceFailure;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a GPU, through the functions of CUDA's runtime library
 * (https://docs.nvidia.com/cuda/cuda-runtime-api). ONNX Runtime's provider has loaded that library.
 *
 * <p>Copies run on the default stream, which ONNX Runtime's own stream does not wait for, so {@link
 * #await} must come before the next run. A run returns when its own stream has ended.
 */
final class CudaHeap implements DeviceHeap {
  private static final String LIBRARY = Platform.isWindows() ? "cudart64_12" : "libcudart.so.12";
  private static final int DEVICE_TO_DEVICE = 3;
  private static final int DEVICE_TO_HOST = 2;
  private static final int HOST_TO_DEVICE = 1;
  private static final int DEFAULT_FLAGS = 0;

  private final Device device;
  private final Function setDevice;
  private final Function malloc;
  private final Function memset;
  private final Function free;
  private final Function hostAlloc;
  private final Function freeHost;
  private final Function memcpy;
  private final Function memcpy2D;
  private final Function synchronize;
  private final Function memGetInfo;
  private final Function getErrorString;

  /**
   * Finds the functions.
   *
   * @throws PolyLmException if CUDA's runtime library or one of its functions is missing
   */
  CudaHeap(Device device) {
    this.device = device;
    try {
      NativeLibrary runtime = NativeLibrary.getInstance(LIBRARY);
      setDevice = runtime.getFunction("cudaSetDevice");
      malloc = runtime.getFunction("cudaMalloc");
      memset = runtime.getFunction("cudaMemset");
      free = runtime.getFunction("cudaFree");
      hostAlloc = runtime.getFunction("cudaHostAlloc");
      freeHost = runtime.getFunction("cudaFreeHost");
      memcpy = runtime.getFunction("cudaMemcpy");
      memcpy2D = runtime.getFunction("cudaMemcpy2D");
      synchronize = runtime.getFunction("cudaStreamSynchronize");
      memGetInfo = runtime.getFunction("cudaMemGetInfo");
      getErrorString = runtime.getFunction("cudaGetErrorString");
    } catch (UnsatisfiedLinkError e) {
      throw new PolyLmException(
          "device is %s, but CUDA's runtime library %s can't keep its cache: %s; expected CUDA 12, 12.8 or later; see docs/gpu.md"
              .formatted(device, LIBRARY, e.getMessage()),
          e);
    }
  }

  @Override
  public String device() {
    return device.toString();
  }

  @Override
  public String memoryName() {
    return "Cuda";
  }

  @Override
  public int index() {
    return device.index();
  }

  @Override
  public OptionalLong free() {
    use();
    LongByReference free = new LongByReference();
    call(memGetInfo, free, new LongByReference());
    return OptionalLong.of(free.getValue());
  }

  @Override
  public Pointer allocate(long bytes) {
    use();
    PointerByReference memory = new PointerByReference();
    call(malloc, memory, bytes);
    call(memset, memory.getValue(), 0, bytes);
    await();
    return memory.getValue();
  }

  @Override
  public void free(Pointer memory) {
    use();
    call(free, memory);
  }

  @Override
  public NativeMemory allocateHost(int bytes) {
    use();
    PointerByReference memory = new PointerByReference();
    call(hostAlloc, memory, (long) bytes, DEFAULT_FLAGS);
    Pointer address = memory.getValue();
    address.clear(bytes);
    return NativeMemory.of(address.getByteBuffer(0, bytes), () -> call(freeHost, address));
  }

  @Override
  public void copy(
      Pointer source,
      long sourceStride,
      Pointer target,
      long targetStride,
      int length,
      int pieces) {
    if (length == 0) {
      return;
    }
    use();
    // A single piece has no stride, but CUDA wants one of at least its length.
    long from = pieces == 1 ? length : sourceStride;
    long to = pieces == 1 ? length : targetStride;
    call(memcpy2D, target, to, source, from, (long) length, (long) pieces, DEVICE_TO_DEVICE);
  }

  @Override
  public void read(Pointer source, byte[] target, int length) {
    use();
    call(memcpy, target, source, (long) length, DEVICE_TO_HOST);
  }

  @Override
  public void write(Pointer target, byte[] source, int length) {
    use();
    call(memcpy, target, source, (long) length, HOST_TO_DEVICE);
  }

  @Override
  public void await() {
    use();
    call(synchronize, (Object) null);
  }

  /** Makes the GPU the calling thread's. */
  private void use() {
    call(setDevice, device.index());
  }

  private void call(Function function, @Nullable Object... arguments) {
    int code = function.invokeInt(arguments);
    if (code != 0) {
      String text = getErrorString.invokePointer(new Object[] {code}).getString(0, "UTF-8");
      String found = "CUDA failure %s: %s".formatted(code, text);
      String cause = DeviceFailure.sentence(device, found);
      throw new PolyLmException(
          cause != null
              ? cause
              : "device is %s: %s: %s".formatted(device, function.getName(), found));
    }
  }
}
