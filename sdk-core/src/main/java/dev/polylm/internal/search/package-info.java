/**
 * The choice of ids for one request, apart from the model: logits in, ids out.
 *
 * <p>A {@link dev.polylm.internal.search.Search} knows nothing of the model: it takes logits and
 * says which ids its rows read next, and which row each goes on from. The engine runs it, as a
 * {@link dev.polylm.internal.decoding.DecodingTask}, beside others. {@link
 * dev.polylm.internal.search.ConfiguredProcessors} makes the logits processors of a request.
 */
@NullMarked
package dev.polylm.internal.search;

import org.jspecify.annotations.NullMarked;
