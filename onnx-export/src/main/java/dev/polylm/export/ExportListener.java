package dev.polylm.export;

/** Hears how far an export is. What it throws ends the export, which then leaves nothing behind. */
@FunctionalInterface
public interface ExportListener {
  /** Hears nothing. */
  ExportListener NONE = (name, bytesDone, bytesTotal) -> {};

  /**
   * A tensor was written.
   *
   * @param name such as {@code h.3.attn.c_attn.weight}
   * @param bytesDone of the weights' file
   * @param bytesTotal the length this file will have
   */
  void tensorWritten(String name, long bytesDone, long bytesTotal);
}
