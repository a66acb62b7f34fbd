package dev.polylm.export.judgement;

import dev.polylm.model.TextPerplexity;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The losses of a model's predictions for a sample. Not thread-safe. */
public final class TextLoss {
  private final TextSample sample;
  private final Sum all = new Sum();
  private final Sum unigram = new Sum();
  private final Map<String, Sum> languages = new TreeMap<>();

  private static final class Sum {
    private double nats;
    private int tokens;

    void add(double loss) {
      nats += loss;
      tokens++;
    }

    double perplexity() {
      return rounded(Math.exp(nats / tokens));
    }
  }

  public TextLoss(TextSample sample) {
    this.sample = sample;
  }

  /**
   * Adds a model's prediction of the next id.
   *
   * @param position before the last of the sequence
   * @param logits [vocabSize], those of the position
   */
  public void add(int sequence, int position, float[] logits) {
    String language = sample.language(sequence, position + 1);
    if (language.isEmpty()) {
      return; // even a model that knows nothing else soon knows what all texts share
    }
    int next = sample.sequences().get(sequence)[position + 1];
    double loss = loss(logits, next);
    all.add(loss);
    unigram.add(sample.unigramLoss(next));
    languages.computeIfAbsent(language, code -> new Sum()).add(loss);
  }

  /** Returns the perplexities of everything that was added. */
  public TextPerplexity perplexity() {
    SortedMap<String, Double> byLanguage = new TreeMap<>();
    languages.forEach((language, sum) -> byLanguage.put(language, sum.perplexity()));
    return new TextPerplexity(all.tokens, all.perplexity(), unigram.perplexity(), byLanguage);
  }

  /** Returns the negative log-probability of an id; infinite if it is not a number. */
  static double loss(float[] logits, int id) {
    double max = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - max);
    }
    double loss = max + Math.log(sum) - logits[id];
    return Double.isNaN(loss) ? Double.POSITIVE_INFINITY : loss;
  }

  /** Rounds to four digits, on which machines agree. JSON has no infinity. */
  static double rounded(double perplexity) {
    if (!(perplexity < Float.MAX_VALUE)) {
      return Float.MAX_VALUE;
    }
    double unit = Math.pow(10, Math.floor(Math.log10(perplexity)) - 3);
    return unit >= 1
        ? Math.round(perplexity / unit) * unit
        : Math.round(perplexity / unit) / Math.rint(1 / unit);
  }
}
