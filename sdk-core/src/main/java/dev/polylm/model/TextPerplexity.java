package dev.polylm.model;

import java.util.SortedMap;

/**
 * How well an exported graph reads the texts that the exporter ships, translations between the
 * model's languages. Exporting measures it: it tells whether a checkpoint was understood, and is no
 * benchmark. What all texts share, the instruction in them, is not counted.
 *
 * <pre>{@code
 * TextPerplexity perplexity = polyLm.manifest().perplexity();
 * System.out.println(perplexity == null ? "not measured" : perplexity.all() + " over all texts");
 * }</pre>
 *
 * @param tokens that were predicted
 * @param all the perplexity over all of them
 * @param unigram the perplexity of knowing how often each token comes in these texts, and nothing
 *     more
 * @param byLanguage the perplexity of the words in each language, by its code, such as {@code th}
 */
public record TextPerplexity(
    int tokens, double all, double unigram, SortedMap<String, Double> byLanguage) {}
