/**
 * Ids to logits: the exported graph on ONNX Runtime. No other package sees {@code ai.onnxruntime},
 * but {@code dev.polylm.internal.unpacked}, which loads it.
 *
 * <p>A {@link dev.polylm.internal.runtime.Decoder} is the fixed model, shared by all threads. A
 * {@link dev.polylm.internal.runtime.DecoderRows} is a set of rows of it: their key/value cache and
 * the buffers of a run, used by one thread at a time.
 *
 * <p>Traps: the cache's tensors are past and present at once, so a run updates them in place; a
 * chunk of several tokens after the first is only right in a batch of one row; a session must not
 * be closed while a run is under way.
 */
@NullMarked
package dev.polylm.internal.runtime;

import org.jspecify.annotations.NullMarked;
