/**
 * Turns a Hugging Face checkpoint into a folder that the SDK opens.
 *
 * <p>{@link dev.polylm.export.Exporter} joins the packages, which follow the data:
 *
 * <ul>
 *   <li>{@code checkpoint} reads files as named tensors
 *   <li>{@code tensor} reads stored elements as floats
 *   <li>{@code adapter} adds LoRA to the tensors
 *   <li>{@code weights} turns named tensors into the model's weights
 *   <li>{@code graph} builds the model from operators
 *   <li>{@code onnx} writes the graph and its weights to files
 *   <li>{@code verify} compares the graph with the checkpoint
 *   <li>{@code judgement} finds how well both read texts
 *   <li>{@code tokenizer} turns the file of SentencePiece or transformers into tokenizer.json
 *   <li>{@code files} holds the folder that all of them write to
 * </ul>
 *
 * <p>While weights are written, {@code quantize} turns them into blocks of integers on the threads
 * of {@code parallel}. It is guided by {@code calibration}, which takes texts through {@code
 * reference}, an independent forward pass. {@code untrusted} reads JSON for all of them. A test
 * asserts which package may use which.
 */
@NullMarked
package dev.polylm.export;

import org.jspecify.annotations.NullMarked;
