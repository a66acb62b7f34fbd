package dev.polylm.export.tokenizer;

import java.util.Map;

/**
 * The ids of tokens that are not pieces, or are more than pieces.
 *
 * @param special tokens that are parsed only in trusted texts, and that are not decoded to text
 * @param words tokens at which every text is cut
 */
record AddedTokens(Map<String, Integer> special, Map<String, Integer> words) {}
