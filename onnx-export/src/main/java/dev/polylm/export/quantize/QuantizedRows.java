package dev.polylm.export.quantize;

/**
 * Some rows of a quantized matrix, in the runtime's layout. The arrays belong to the quantizer and
 * may be longer than their contents. Read them only during the call.
 *
 * @param firstRow the first row's index in the matrix
 * @param rows how many
 * @param codes [rows, blocks, blockSize * bits / 8]; of two 4-bit codes the first is in the low
 *     half
 * @param scales [rows, blocks]
 * @param zeroPoints [rows, ceil(blocks * bits / 8)], packed like the codes; empty if the format has
 *     none
 */
@SuppressWarnings("ArrayRecordComponent") // a view to hand on, never compared
public record QuantizedRows(
    int firstRow, int rows, byte[] codes, float[] scales, byte[] zeroPoints) {

  /** Takes rows in order, on the thread that quantizes. */
  @FunctionalInterface
  public interface Sink {
    void accept(QuantizedRows rows);
  }
}
