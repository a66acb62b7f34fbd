package dev.polylm.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How many bytes of memory this machine reads in a second. Decoding one row can't be faster: it
 * reads each weight for each token.
 */
final class ReadBandwidth {
  /** Larger than the caches of any processor, all threads together. */
  private static final long BYTES = 512L << 20;

  /** Less than this of the heap, so that a small one suffices. */
  private static final int SHARE_OF_HEAP = 4;

  private static final int ROUNDS = 12;

  private ReadBandwidth() {}

  /** Returns the bytes a second of the fastest of several rounds. */
  static double measure(int threads) {
    long bytes = Math.min(BYTES, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
    List<long[]> parts = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      parts.add(new long[(int) (bytes / threads / Long.BYTES)]);
    }
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      double best = 0;
      for (int round = 0; round < ROUNDS; round++) {
        best = Math.max(best, round(executor, parts));
      }
      return best;
    } finally {
      executor.shutdown();
    }
  }

  private static double round(ExecutorService executor, List<long[]> parts) {
    long start = System.nanoTime();
    List<Future<Long>> sums = new ArrayList<>();
    for (long[] part : parts) {
      sums.add(executor.submit(() -> sum(part)));
    }
    long bytes = 0;
    for (int i = 0; i < sums.size(); i++) {
      // The sums are 0; adding them keeps the compiler from leaving the reads out.
      bytes += parts.get(i).length * (long) Long.BYTES + get(sums.get(i));
    }
    return bytes * 1e9 / (System.nanoTime() - start);
  }

  private static long get(Future<Long> sum) {
    try {
      return sum.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long sum(long[] values) {
    long sum = 0;
    for (long value : values) {
      sum += value;
    }
    return sum;
  }
}
