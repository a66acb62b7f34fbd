/**
 * Chooses the ids of one request, independently of the model: logits in, ids out.
 *
 * <p>A {@link dev.polylm.internal.search.Search} knows nothing about the model. It takes logits,
 * and it chooses the ids that its rows read next and the row that each continues from. The engine
 * runs it together with others, as a {@link dev.polylm.internal.decoding.DecodingTask}. {@link
 * dev.polylm.internal.search.ConfiguredProcessors} makes the logits processors of a request.
 */
@NullMarked
package dev.polylm.internal.search;

import org.jspecify.annotations.NullMarked;
