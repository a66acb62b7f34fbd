package dev.polylm.model;

import org.jspecify.annotations.Nullable;

/**
 * In what order the checkpoint had the outputs of c_attn, and who said so. The exported graph has
 * them in one order whatever this says.
 *
 * <pre>{@code
 * QkvFacts qkv = polyLm.manifest().qkv();
 * System.out.println(qkv == null ? "not recorded" : qkv.layout() + ": " + qkv.reason());
 * }</pre>
 *
 * @param layout {@code concatenated}, as GPT-2 has them, or {@code interleaved}, as Megatron-LM
 * @param reason why it was taken, in words
 * @param concatenatedPerplexity of some of the shipped texts when they are read as concatenated;
 *     null where that was not measured
 * @param interleavedPerplexity of the same texts when they are read as interleaved
 */
public record QkvFacts(
    String layout,
    String reason,
    @Nullable Double concatenatedPerplexity,
    @Nullable Double interleavedPerplexity) {}
