package dev.polylm.internal.logits;

/**
 * A generator of random numbers. Its sequence is part of this library's contract: the same seed
 * gives the same numbers on every machine and JDK, and in later versions. Each row has its own
 * generator.
 *
 * <p>SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014,
 * with the mixing constants of <a href="https://prng.di.unimi.it/splitmix64.c">Vigna's
 * public-domain version</a>): the state grows by 0x9e3779b97f4a7c15, and each number is the state
 * mixed. The JDK's own generators are not used, because their documentation leaves the algorithm
 * open.
 *
 * <p>Not thread-safe.
 */
public final class SeededRandom {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private long state;

  /** Makes a generator for the first row of a request. Every seed is equally good. */
  public SeededRandom(long seed) {
    state = seed;
  }

  /**
   * Returns a generator for one of several rows of a request, such as the sequences of {@code
   * num_return_sequences}: row 0 draws what {@code new SeededRandom(seed)} draws.
   *
   * @param row at least 0
   */
  public static SeededRandom forRow(long seed, int row) {
    return new SeededRandom(row == 0 ? seed : mix(seed ^ mix(row)));
  }

  /** Returns the next 64 bits. */
  public long nextLong() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /** Returns the next number in [0, 1), a multiple of 2^-53. */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  private static long mix(long bits) {
    long mixed = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
