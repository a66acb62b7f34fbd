/**
 * Runs PolyLM models inside the JVM. {@link dev.polylm.PolyLm} opens a model and answers requests.
 *
 * <p>The other exported packages, in the order that data flows through them:
 *
 * <ul>
 *   <li>{@link dev.polylm.model}: the exported folder and its manifest;
 *   <li>{@link dev.polylm.prompt}: prompts in the form that a model was trained on;
 *   <li>{@link dev.polylm.tokenizer}: converts converts texts to ids and back;
 *   <li>{@link dev.polylm.generation}: requests, settings and results;
 *   <li>{@link dev.polylm.logits}: your own logits processors;
 *   <li>{@link dev.polylm.chat}: conversations;
 *   <li>{@link dev.polylm.scoring}: the likelihood of a text.
 * </ul>
 */
@NullMarked
package dev.polylm;

import org.jspecify.annotations.NullMarked;
