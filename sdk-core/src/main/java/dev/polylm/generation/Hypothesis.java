package dev.polylm.generation;

import java.util.OptionalDouble;

/** A finished sequence, as a search gives it. The arrays are not shared with anyone. */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Hypothesis(
    int[] newIds, FinishReason finishReason, OptionalDouble score, float[] tokenLogprobs) {}
