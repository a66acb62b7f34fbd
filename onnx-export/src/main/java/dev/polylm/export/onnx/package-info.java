/**
 * Writes a graph as {@code model.onnx} and its large tensors as {@code model.onnx.data}: ONNX's
 * external data (https://github.com/onnx/onnx/blob/v1.16.0/docs/ExternalData.md), laid out so that
 * ONNX Runtime can map it. {@link dev.polylm.export.onnx.SlicedModel} reads the written model as
 * parts that run one after the other.
 */
@NullMarked
package dev.polylm.export.onnx;

import org.jspecify.annotations.NullMarked;
