package dev.polylm.model;

import java.util.SortedMap;

/**
 * The perplexity of an exported graph on the texts that come with the exporter, translations
 * between the model's languages. The exporter measures it to show whether it understood the
 * checkpoint. It is not a benchmark. The instruction, which all texts share, does not count.
 *
 * <pre>{@code
 * TextPerplexity perplexity = polyLm.manifest().perplexity();
 * System.out.println(perplexity == null ? "not measured" : perplexity.all() + " over all texts");
 * }</pre>
 *
 * @param tokens the number of predicted tokens
 * @param all the perplexity over all of them
 * @param unigram the perplexity of a model that knows only how often each token occurs in these
 *     texts
 * @param byLanguage the perplexity of the words in each language, by language code, such as {@code
 *     th}
 */
public record TextPerplexity(
    int tokens, double all, double unigram, SortedMap<String, Double> byLanguage) {}
