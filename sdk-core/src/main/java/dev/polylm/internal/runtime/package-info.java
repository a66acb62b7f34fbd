/**
 * Computes logits from ids: runs the exported graph on ONNX Runtime. No other package uses {@code
 * ai.onnxruntime}, except {@code dev.polylm.internal.unpacked}, which loads it, and {@code
 * dev.polylm.internal.device}, which opens its sessions.
 *
 * <p>A {@link dev.polylm.internal.runtime.Decoder} is the loaded model, which all threads share. A
 * {@link dev.polylm.internal.runtime.DecoderRows} is a set of its rows: their key/value cache and
 * the buffers of a run. Only one thread at a time may use it.
 *
 * <p>A {@link dev.polylm.internal.runtime.CacheMemory} is where the cache is, and how runs reach
 * it: the host's memory through ONNX Runtime's classes, or a GPU's through its C API.
 *
 * <p>Traps: the cache's tensors are past and present at once, so a run updates them in place. A
 * chunk of several tokens after the first gives right results only in a batch of one row. A session
 * must not be closed during a run.
 */
@NullMarked
package dev.polylm.internal.runtime;

import org.jspecify.annotations.NullMarked;
