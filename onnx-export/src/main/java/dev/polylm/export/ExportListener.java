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
}
