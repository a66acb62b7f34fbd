/**
 * What a model is run for, apart from what runs it.
 *
 * <p>A {@link dev.polylm.internal.decoding.DecodingTask} takes logits and says which ids its rows
 * read next: generation makes searches, and scoring and embedding make {@link
 * dev.polylm.internal.decoding.PromptTask}s, which read no more than their prompts. A {@link
 * dev.polylm.internal.decoding.DecodingRunner}, the engine, runs them on the model, beside others,
 * and gives a {@code Ticket} for each. So neither side knows the other.
 */
@NullMarked
package dev.polylm.internal.decoding;

import org.jspecify.annotations.NullMarked;
