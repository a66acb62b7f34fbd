/**
 * Turns a Hugging Face checkpoint into a folder that the SDK opens.
 *
 * <p>{@link dev.polylm.export.Exporter} joins the packages, which follow the data's way: {@code
 * checkpoint} (files to named tensors), {@code tensor} (stored elements to floats), {@code weights}
 * (named tensors to the model's weights), {@code graph} (the model as operators), {@code onnx}
 * (graph and weights to files), {@code reference} and {@code verify} (the checkpoint computed in
 * plain Java, and the graph held against it), {@code tokenizer} (SentencePiece to tokenizer.json),
 * {@code files} (the folder all is written to). {@code untrusted} reads the JSON that all of them
 * meet. What each may use is held by a test of the layers.
 */
@NullMarked
package dev.polylm.export;

import org.jspecify.annotations.NullMarked;
