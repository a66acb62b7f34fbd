package dev.polylm.cli;

import dev.polylm.internal.device.IntegerProbe;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToLongFunction;

/**
 * What this machine can do at most. To decode one row, it reads each weight for each token. To read
 * a prompt, it multiplies each weight for each token, but reads it once for many.
 */
final class MachineProbe {
  /** Larger than the caches of any processor, all threads together. */
  private static final long BYTES = 512L << 20;

  /** Less than this of the heap, so that a small one suffices. */
  private static final int SHARE_OF_HEAP = 4;

  /** Numbers that stay in the first cache. */
  private static final int FLOATS = 4096;

  private static final int REPEATS = 100;
  private static final int CHAIN = 16;
  private static final long PROBE_NANOS = 700_000_000;

  private final int threads;

  MachineProbe(int threads) {
    this.threads = threads;
  }

  /** Returns how many bytes of memory all threads together read in a second. */
  double readBytesPerSecond() {
    long bytes = Math.min(BYTES, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
    List<long[]> parts = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      parts.add(new long[(int) (bytes / threads / Long.BYTES)]);
    }
    return best(parts, MachineProbe::read);
  }

  /** Returns how many 32-bit floats all threads together multiply and add in a second. */
  double multiplyAddsPerSecond() {
    List<float[]> parts = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      parts.add(new float[FLOATS]);
    }
    return best(parts, MachineProbe::multiplyAndAdd);
  }

  /** Returns how many 8-bit integers all threads together multiply and add in a second. */
  double integerMultiplyAddsPerSecond() {
    return IntegerProbe.multiplyAddsPerSecond(threads);
  }

  /**
   * Works on all parts at once, again and again for some time.
   *
   * @param work returns how much it did
   * @return how much all did in a second in the fastest round
   */
  private static <T> double best(List<T> parts, ToLongFunction<T> work) {
    ExecutorService executor = Executors.newFixedThreadPool(parts.size());
    try {
      double best = 0;
      long end = System.nanoTime() + PROBE_NANOS;
      while (System.nanoTime() - end < 0) {
        best = Math.max(best, round(executor, parts, work));
      }
      return best;
    } finally {
      executor.shutdown();
    }
  }

  private static <T> double round(ExecutorService executor, List<T> parts, ToLongFunction<T> work) {
    long start = System.nanoTime();
    List<Future<Long>> amounts = new ArrayList<>();
    for (T part : parts) {
      amounts.add(executor.submit(() -> work.applyAsLong(part)));
    }
    long all = 0;
    for (Future<Long> amount : amounts) {
      all += get(amount);
    }
    return all * 1e9 / (System.nanoTime() - start);
  }

  private static long get(Future<Long> amount) {
    try {
      return amount.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long read(long[] values) {
    long sum = 0;
    for (long value : values) {
      sum += value;
    }
    // The sum is 0; using it keeps the compiler from leaving the reads out.
    return values.length * (long) Long.BYTES + sum;
  }

  /** The chain's steps wait for each other, but those of many numbers go on at once. */
  private static long multiplyAndAdd(float[] values) {
    for (int repeat = 0; repeat < REPEATS; repeat++) {
      chain(values);
    }
    return (long) REPEATS * CHAIN * values.length;
  }

  /** Written out, so that the compiler makes vectors of it: {@link #CHAIN} steps. */
  private static void chain(float[] values) {
    float factor = 0.5f;
    for (int i = 0; i < values.length; i++) {
      float x = values[i];
      x = Math.fma(x, factor, 1f);
      x = Math.fma(x, factor, 1f);
      x = Math.fma(x, factor, 1f);
      x = Math.fma(x, factor, 1f);
      x = Math.fma(x, factor, 1f);
      x = Math.fma(x, factor, 1f);
      x = Math.fma(x, factor, 1f);
      x = Math.fma(x, factor, 1f);
      x = Math.fma(x, factor, 1f);
      x = Math.fma(x, factor, 1f);
      x = Math.fma(x, factor, 1f);
      x = Math.fma(x, factor, 1f);
      x = Math.fma(x, factor, 1f);
      x = Math.fma(x, factor, 1f);
      x = Math.fma(x, factor, 1f);
      x = Math.fma(x, factor, 1f);
      values[i] = x;
    }
  }
}
