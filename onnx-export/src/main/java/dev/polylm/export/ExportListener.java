package dev.polylm.export;

/** Hears how far an export is. What it throws ends the export, which then leaves nothing behind. */
@FunctionalInterface
public interface ExportListener {
  /** Hears nothing. */
  ExportListener NONE = (tensor, bytesDone, bytesTotal) -> {};

  /**
   * A part of a tensor was written, some megabytes of a large one.
   *
   * @param tensor such as {@code h.3.attn.c_attn.weight}
   * @param bytesDone of the weights' file
   * @param bytesTotal the length this file will have
   */
  void bytesWritten(String tensor, long bytesDone, long bytesTotal);

  /**
   * The checkpoint's layers were run to verify what was written.
   *
   * @param layersDone from 1
   * @param layersTotal the model's number of layers
   */
  default void layersVerified(int layersDone, int layersTotal) {}
}
