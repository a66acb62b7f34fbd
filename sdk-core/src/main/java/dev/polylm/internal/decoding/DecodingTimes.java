package dev.polylm.internal.decoding;

import java.time.Duration;

/**
 * What a task took.
 *
 * @param queued from its submission until there was room for it
 * @param prompt from then until its prompts had been read
 * @param decoding from then to its end
 * @param reusedIds ids of its prompts whose keys and values were there already
 * @param steps decoding steps
 */
public record DecodingTimes(
    Duration queued, Duration prompt, Duration decoding, int reusedIds, int steps) {}
