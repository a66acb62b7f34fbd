package dev.polylm.export;

/**
 * Hears how far an export is. What it throws ends the export, which then leaves nothing behind.
 *
 * <pre>{@code
 * ExportListener percent =
 *     (tensor, done, total) -> System.out.println(100 * done / total + "% " + tensor);
 * }</pre>
 */
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

  /** The model is about to read texts, by which the order of c_attn's outputs is decided. */
  default void readingTexts() {}

  /**
   * A layer is about to read the texts that its weights are calibrated with.
   *
   * @param layer from 0
   * @param layersTotal the model's number of layers
   */
  default void calibrating(int layer, int layersTotal) {}

  /**
   * A part of the verification was done: a layer of the checkpoint's, or a part of the graph was
   * run.
   *
   * @param stepsDone from 1
   * @param stepsTotal what it takes
   */
  default void verified(int stepsDone, int stepsTotal) {}
}
