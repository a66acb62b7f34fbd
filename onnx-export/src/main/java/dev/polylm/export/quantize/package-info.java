/**
 * Weights as blocks of few-bit integers, in the layout of ONNX Runtime's MatMulNBits and
 * GatherBlockQuantized.
 *
 * <p>A row of weights [columns] belongs to an output; each run of {@code blockSize} columns is a
 * block with its own scale and zero point: weight = (code - zeroPoint) * scale. {@link
 * dev.polylm.export.quantize.TensorQuantizer} reads rows through a {@link
 * dev.polylm.export.quantize.RowSource} window by window, works on tiles of 64 rows on all cores,
 * and hands on {@link dev.polylm.export.quantize.QuantizedRows}. A tile goes block by block: scales
 * and zero points are chosen by the error they cause, the weights are rounded, and where a {@link
 * dev.polylm.export.quantize.Hessian} tells what inputs the weights meet, the error of each is made
 * up for by the columns that follow. A {@link dev.polylm.export.quantize.QuantizationPlan} says
 * which matrices get more bits.
 *
 * <p>Tiles are kept as [columns, rows]: what differs from row to row then lies side by side, and
 * the inner loops become vector instructions.
 */
@NullMarked
package dev.polylm.export.quantize;

import org.jspecify.annotations.NullMarked;
