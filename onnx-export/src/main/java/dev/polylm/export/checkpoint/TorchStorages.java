package dev.polylm.export.checkpoint;

/** Where a file that {@code torch.save} wrote has the elements of its storages. */
interface TorchStorages {

  /** A part of the file, in bytes. */
  record Range(long position, long size) {}

  /**
   * Where the bytes of a storage are.
   *
   * @throws dev.polylm.PolyLmException if the file has none of that key
   */
  Range storage(String key);
}
