package dev.polylm.internal.search;

import dev.polylm.generation.FinishReason;
import dev.polylm.logits.TokenLogProbability;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A finished sequence, as a search gives it. The arrays are not shared with anyone.
 *
 * @param newIds its ids after the prompt
 * @param finishReason why it ended
 * @param score beam search's score
 * @param tokenLogprobs the log-probability of each new id, empty where they are not wanted
 * @param topLogprobs the likeliest ids in each new id's place, empty where they are not wanted
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Hypothesis(
    int[] newIds,
    FinishReason finishReason,
    OptionalDouble score,
    float[] tokenLogprobs,
    List<List<TokenLogProbability>> topLogprobs) {}
