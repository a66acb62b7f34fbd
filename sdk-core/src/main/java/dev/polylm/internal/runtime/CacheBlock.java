package dev.polylm.internal.runtime;

/** A block of memory, zeroed when it is allocated. Blocks of one {@link CacheMemory} are alike. */
interface CacheBlock extends AutoCloseable {

  /**
   * Copies pieces of equal length, each a stride after the one before. {@link CacheMemory#await}
   * waits for the end of the copy.
   *
   * @param offset of the first piece here
   * @param target a block of the same memory
   * @param length of each piece
   * @param pieces how many
   */
  void copy(
      long offset,
      long stride,
      CacheBlock target,
      long targetOffset,
      long targetStride,
      int length,
      int pieces);

  /** Copies bytes out of the block. */
  void read(long offset, byte[] target, int length);

  /** Copies bytes into the block. */
  void write(long offset, byte[] source, int length);

  /** Frees the block; idempotent. */
  @Override
  void close();
}
