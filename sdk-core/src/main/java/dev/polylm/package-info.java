/**
 * Runs PolyLM models inside the JVM. {@link dev.polylm.PolyLm} opens a model and answers requests.
 *
 * <p>The other exported packages follow the data's way:
 *
 * <ul>
 *   <li>{@link dev.polylm.model}: the exported folder and its manifest;
 *   <li>{@link dev.polylm.prompt}: messages and texts in the form that a model was trained on;
 *   <li>{@link dev.polylm.tokenizer}: texts to ids and back;
 *   <li>{@link dev.polylm.generation}: requests, settings and results;
 *   <li>{@link dev.polylm.logits}: processors of one's own between logits and the chosen id;
 *   <li>{@link dev.polylm.chat}: conversations;
 *   <li>{@link dev.polylm.scoring}: how likely a model finds a text.
 * </ul>
 */
@NullMarked
package dev.polylm;

import org.jspecify.annotations.NullMarked;
