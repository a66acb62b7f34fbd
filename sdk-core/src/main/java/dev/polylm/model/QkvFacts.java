package dev.polylm.model;

import org.jspecify.annotations.Nullable;

/**
 * The order of the outputs of c_attn in the checkpoint, and the reason for taking that order. The
 * exported graph always has the same order.
 *
 * <pre>{@code
 * QkvFacts qkv = polyLm.manifest().qkv();
 * System.out.println(qkv == null ? "not recorded" : qkv.layout() + ": " + qkv.reason());
 * }</pre>
 *
 * @param layout {@code concatenated}, as in GPT-2, or {@code interleaved}, as in Megatron-LM
 * @param reason why the exporter took this order, in words
 * @param concatenatedPerplexity the perplexity of some of the shipped texts with the concatenated
 *     order, or null if it was not measured
 * @param interleavedPerplexity the perplexity of the same texts with the interleaved order, or null
 *     if it was not measured
 */
public record QkvFacts(
    String layout,
    String reason,
    @Nullable Double concatenatedPerplexity,
    @Nullable Double interleavedPerplexity) {}
