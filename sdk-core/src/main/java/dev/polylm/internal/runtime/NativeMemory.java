package dev.polylm.internal.runtime;

import dev.polylm.PolyLmException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A block of zeroed memory outside the heap. Closing it frees it.
 *
 * <p>A cache of gigabytes can't wait for the garbage collector, which sees only its small handle.
 * Since Java 22 an {@code Arena} frees memory at once. Before that, {@code Unsafe.invokeCleaner}
 * does; later versions warn about it. The code uses both by reflection, because it is compiled for
 * Java 17.
 */
final class NativeMemory implements CacheBlock {
  private static final int ARENA_SINCE = 22;
  private static final Way WAY =
      Runtime.version().feature() >= ARENA_SINCE ? new ArenaWay() : new CleanerWay();

  private final ByteBuffer buffer;
  private final Runnable release;
  private boolean closed;

  private interface Way {
    NativeMemory allocate(int bytes) throws Throwable;
  }

  private NativeMemory(ByteBuffer buffer, Runnable release) {
    this.buffer = buffer.order(ByteOrder.nativeOrder());
    this.release = release;
  }

  /**
   * Allocates a block.
   *
   * @throws PolyLmException if the process can't have so much memory
   */
  static NativeMemory allocate(int bytes) {
    try {
      return WAY.allocate(bytes);
    } catch (OutOfMemoryError e) {
      throw new PolyLmException(
          "%s bytes of memory outside the heap can't be allocated: %s"
              .formatted(bytes, e.getMessage()),
          e);
    } catch (Throwable e) {
      throw new IllegalStateException("memory can't be allocated", e);
    }
  }

  /**
   * Returns memory that was allocated in another way.
   *
   * @param release frees it
   */
  static NativeMemory of(ByteBuffer buffer, Runnable release) {
    return new NativeMemory(buffer, release);
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
    ByteBuffer to = ((NativeMemory) target).buffer;
    for (int piece = 0; piece < pieces; piece++) {
      to.put(
          (int) (targetOffset + piece * targetStride),
          buffer,
          (int) (offset + piece * stride),
          length);
    }
  }

  @Override
  public void read(long offset, byte[] target, int length) {
    buffer.get((int) offset, target, 0, length);
  }

  @Override
  public void write(long offset, byte[] source, int length) {
    buffer.put((int) offset, source, 0, length);
  }

  /** Returns the whole block, in the machine's byte order. */
  ByteBuffer buffer() {
    return buffer;
  }

  /** Frees the block; idempotent. No view of it may be used afterwards. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      release.run();
    }
  }

  private static void call(MethodHandle handle, Object argument) {
    try {
      handle.invoke(argument);
    } catch (Throwable e) {
      throw new IllegalStateException("memory can't be freed", e);
    }
  }

  /** {@code Arena arena = Arena.ofShared(); arena.allocate(bytes, 8).asByteBuffer();}. */
  private static final class ArenaWay implements Way {
    private static final long ALIGNMENT = 64; // of a cache line, and of the widest vector
    private final MethodHandle ofShared;
    private final MethodHandle allocate;
    private final MethodHandle asByteBuffer;
    private final MethodHandle close;

    ArenaWay() {
      try {
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        Class<?> arena = Class.forName("java.lang.foreign.Arena");
        Class<?> segment = Class.forName("java.lang.foreign.MemorySegment");
        ofShared = lookup.findStatic(arena, "ofShared", MethodType.methodType(arena));
        allocate =
            lookup.findVirtual(
                arena, "allocate", MethodType.methodType(segment, long.class, long.class));
        asByteBuffer =
            lookup.findVirtual(segment, "asByteBuffer", MethodType.methodType(ByteBuffer.class));
        close = lookup.findVirtual(arena, "close", MethodType.methodType(void.class));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("java.lang.foreign differs from Java 22's", e);
      }
    }

    @Override
    public NativeMemory allocate(int bytes) throws Throwable {
      Object arena = ofShared.invoke();
      Object segment = allocate.invoke(arena, (long) bytes, ALIGNMENT);
      return new NativeMemory((ByteBuffer) asByteBuffer.invoke(segment), () -> call(close, arena));
    }
  }

  /** {@code unsafe.invokeCleaner(ByteBuffer.allocateDirect(bytes));}. */
  private static final class CleanerWay implements Way {
    private final MethodHandle invokeCleaner;

    CleanerWay() {
      try {
        Class<?> unsafe = Class.forName("sun.misc.Unsafe");
        Field field = unsafe.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        invokeCleaner =
            MethodHandles.publicLookup()
                .findVirtual(
                    unsafe, "invokeCleaner", MethodType.methodType(void.class, ByteBuffer.class))
                .bindTo(field.get(null));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("jdk.unsupported differs from Java 17's", e);
      }
    }

    @Override
    public NativeMemory allocate(int bytes) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
      return new NativeMemory(buffer, () -> call(invokeCleaner, buffer));
    }
  }
}
