package dev.polylm.export;

/**
 * Follows the progress of an export. An exception from a listener ends the export, which then
 * leaves nothing behind.
 *
 * <pre>{@code
 * ExportListener percent =
 *     (tensor, done, total) -> System.out.println(100 * done / total + "% " + tensor);
 * }</pre>
 */
@FunctionalInterface
public interface ExportListener {
  /** Does nothing. */
  ExportListener NONE = (tensor, bytesDone, bytesTotal) -> {};

  /**
   * Called after each part of a tensor is written; a part of a large tensor has some megabytes.
   *
   * @param tensor the tensor's name, such as {@code h.3.attn.c_attn.weight}
   * @param bytesDone how many bytes of the weights' file are written
   * @param bytesTotal the length that this file will have
   */
  void bytesWritten(String tensor, long bytesDone, long bytesTotal);

  /** Called before the model reads texts to decide the order of c_attn's outputs. */
  default void readingTexts() {}

  /**
   * Called before a layer reads the texts that calibrate its weights.
   *
   * @param layer the layer's number, from 0
   * @param layersTotal the model's number of layers
   */
  default void calibrating(int layer, int layersTotal) {}

  /**
   * Called after each step of the verification. A step runs one of the checkpoint's layers, or a
   * part of the graph.
   *
   * @param stepsDone how many steps are done, from 1
   * @param stepsTotal how many steps there are
   */
  default void verified(int stepsDone, int stepsTotal) {}
}
