/**
 * Joins the model, the choice of ids and the tokenizer: a prompt becomes new text.
 *
 * <p>A {@link dev.polylm.generation.Search} knows nothing of the model: it takes logits and says
 * which ids its rows read next and which row each goes on from. The {@link
 * dev.polylm.generation.GenerationLoop} runs the model for it: the prompt once, then a step for all
 * rows at a time, moving cached keys and values only where rows part.
 */
@NullMarked
package dev.polylm.generation;

import org.jspecify.annotations.NullMarked;
