package dev.polylm.export.checkpoint;

/** Finds the elements of storages in a file written by {@code torch.save}. */
interface TorchStorages {

  /** A part of the file, in bytes. */
  record Range(long position, long size) {}

  /**
   * Returns where the bytes of a storage are.
   *
   * @throws dev.polylm.PolyLmException if the file has no storage with that key
   */
  Range storage(String key);
}
