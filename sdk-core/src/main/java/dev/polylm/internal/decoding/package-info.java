/**
 * The interface between tasks for a model and the engine that runs them.
 *
 * <p>A {@link dev.polylm.internal.decoding.DecodingTask} takes logits and chooses the ids that its
 * rows read next. Generation makes searches. Scoring and embedding make {@link
 * dev.polylm.internal.decoding.PromptTask}s, which only read their prompts. The engine is a {@link
 * dev.polylm.internal.decoding.DecodingRunner}: it runs the tasks together and returns a {@code
 * Ticket} for each. So neither side depends on the other.
 */
@NullMarked
package dev.polylm.internal.decoding;

import org.jspecify.annotations.NullMarked;
