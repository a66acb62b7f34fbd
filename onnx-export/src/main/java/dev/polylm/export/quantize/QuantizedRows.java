package dev.polylm.export.quantize;

/**
 * Some rows of a quantized matrix, in the runtime's layout. The arrays are the quantizer's own and
 * may be longer than what they hold: to be read during the call only.
 *
 * @param firstRow of the matrix
 * @param rows how many
 * @param codes [rows, blocks, blockSize * bits / 8]; of two 4-bit codes the first is in the low
 *     half
 * @param scales [rows, blocks]
 * @param zeroPoints [rows, ceil(blocks * bits / 8)], packed as the codes; empty if the format has
 *     none
 */
@SuppressWarnings("ArrayRecordComponent") // a view to hand on, never compared
public record QuantizedRows(
    int firstRow, int rows, byte[] codes, float[] scales, byte[] zeroPoints) {

  /** Takes rows in their order, on the thread that quantizes. */
  @FunctionalInterface
  public interface Sink {
    void accept(QuantizedRows rows);
  }
}
