/**
 * Turns a Hugging Face checkpoint into a folder that the SDK opens.
 *
 * <p>{@link dev.polylm.export.Exporter} joins the packages, which follow the data's way: {@code
 * checkpoint} (files to named tensors), {@code tensor} (stored elements to floats), {@code adapter}
 * (LoRA added to them), {@code weights} (named tensors to the model's weights), {@code graph} (the
 * model as operators), {@code onnx} (graph and weights to files), {@code verify} (the graph held
 * against the checkpoint), {@code judgement} (how well both read texts), {@code tokenizer}
 * (SentencePiece or transformers' file to tokenizer.json), {@code files} (the folder all is written
 * to). While weights are written, {@code quantize} turns them into blocks of integers on the
 * threads of {@code parallel}, guided by {@code calibration}, which takes texts through {@code
 * reference}, a forward pass of its own. {@code untrusted} reads the JSON that all of them meet.
 * What each may use is held by a test of the layers.
 */
@NullMarked
package dev.polylm.export;

import org.jspecify.annotations.NullMarked;
