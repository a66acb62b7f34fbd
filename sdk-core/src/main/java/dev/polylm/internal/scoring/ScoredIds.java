package dev.polylm.internal.scoring;

import org.jspecify.annotations.Nullable;

/**
 * Ids whose last part is scored.
 *
 * @param ids the context and the continuation
 * @param first where the continuation begins, at least 1 for a score
 * @param text the continuation as a text, or null if ids are scored
 */
@SuppressWarnings("ArrayRecordComponent") // package-private, never compared
record ScoredIds(int[] ids, int first, @Nullable String text) {}
