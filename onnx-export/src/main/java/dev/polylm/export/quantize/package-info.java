/**
 * Turns weights into blocks of few-bit integers, in the layout of ONNX Runtime's MatMulNBits and
 * GatherBlockQuantized.
 *
 * <p>A row of weights [columns] belongs to an output; each run of {@code blockSize} columns is a
 * block with its own scale and zero point: weight = (code - zeroPoint) * scale. {@link
 * dev.polylm.export.quantize.TensorQuantizer} reads rows through a {@link
 * dev.polylm.export.quantize.RowSource} window by window, works on tiles of 64 rows on all cores,
 * and hands on {@link dev.polylm.export.quantize.QuantizedRows}. A tile is quantized block by
 * block. The quantizer chooses the scales and zero points with the least error, then rounds the
 * weights. If a {@link dev.polylm.export.quantize.Hessian} says which inputs the weights get, later
 * columns make up for the error of each column. A {@link
 * dev.polylm.export.quantize.QuantizationPlan} says which matrices get more bits.
 *
 * <p>Tiles are kept as [columns, rows]. So the elements of neighbouring rows lie side by side, and
 * the inner loops become vector instructions.
 */
@NullMarked
package dev.polylm.export.quantize;

import org.jspecify.annotations.NullMarked;
