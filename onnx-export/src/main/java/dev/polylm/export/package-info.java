/**
 * Turns a Hugging Face checkpoint into a folder that the SDK opens.
 *
 * <p>The packages follow the data's way: {@code checkpoint} (files to named tensors), {@code
 * tensor} (stored elements to floats), {@code graph} (the model as operators), {@code onnx} (graph
 * and weights to files), {@code tokenizer} (SentencePiece to tokenizer.json).
 */
@NullMarked
package dev.polylm.export;

import org.jspecify.annotations.NullMarked;
