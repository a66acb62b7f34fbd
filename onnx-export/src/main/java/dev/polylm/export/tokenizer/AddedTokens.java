package dev.polylm.export.tokenizer;

import java.util.Map;

/**
 * The ids of what is no piece or more than one.
 *
 * @param special tokens that are parsed in trusted texts only, and that no text decodes to
 * @param words that every text is cut at
 */
record AddedTokens(Map<String, Integer> special, Map<String, Integer> words) {}
