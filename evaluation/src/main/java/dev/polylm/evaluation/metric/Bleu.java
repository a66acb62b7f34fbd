package dev.polylm.evaluation.metric;

import java.util.List;
import java.util.Map;

/**
 * BLEU as sacreBLEU 2.6.0 computes it by default: up to four tokens, exponential smoothing, case
 * kept. Immutable.
 *
 * <pre>{@code
 * Bleu bleu = new Bleu(BleuTokens.of("de"));
 * double[] statistics = bleu.statistics("Das Haus ist klein.", List.of("Das Haus ist sehr klein."));
 * System.out.println(bleu.score(statistics) + " " + bleu.signature(1));
 * }</pre>
 *
 * @param tokens how a line is split
 */
public record Bleu(BleuTokens tokens) {
  private static final int MAX_ORDER = 4;

  /** What Python's sacreBLEU puts for the logarithm of 0. */
  private static final double LOG_OF_ZERO = -9_999_999_999.0;

  /**
   * Returns the statistics of a segment. Add those of all segments and compute the {@link #score}
   * of the sum.
   *
   * @param references at least one translation that is right
   * @return [10]: the hypothesis' length, the reference's, four counts of right runs of tokens,
   *     four of all
   */
  public double[] statistics(String hypothesis, List<String> references) {
    Arguments.check(hypothesis, references);
    List<String> words = tokens.split(hypothesis);
    List<List<String>> right = references.stream().map(tokens::split).toList();
    double[] statistics = new double[2 + 2 * MAX_ORDER];
    statistics[0] = words.size();
    statistics[1] = closestLength(words.size(), right);
    for (int order = 1; order <= MAX_ORDER; order++) {
      Map<List<String>, Integer> known = Ngrams.count(right.get(0), order);
      for (List<String> other : right.subList(1, right.size())) {
        Ngrams.count(other, order).forEach((run, count) -> known.merge(run, count, Math::max));
      }
      statistics[1 + order] = Ngrams.common(Ngrams.count(words, order), known);
      statistics[1 + MAX_ORDER + order] = Math.max(0, words.size() - order + 1);
    }
    return statistics;
  }

  /** Returns the length of the reference that is closest, of two the shorter. */
  private static int closestLength(int length, List<List<String>> references) {
    int closest = references.get(0).size();
    for (List<String> reference : references) {
      int difference = Math.abs(length - reference.size()) - Math.abs(length - closest);
      if (difference < 0 || (difference == 0 && reference.size() < closest)) {
        closest = reference.size();
      }
    }
    return closest;
  }

  /**
   * Returns the score of summed statistics, from 0 to 100.
   *
   * @param statistics [10], as {@link #statistics} gives them
   */
  public double score(double[] statistics) {
    double matches = 0;
    double logs = 0;
    double smoothing = 1;
    for (int order = 1; order <= MAX_ORDER; order++) {
      double right = statistics[1 + order];
      double total = statistics[1 + MAX_ORDER + order];
      matches += right;
      if (right == 0 && total > 0) {
        smoothing *= 2;
      }
      double precision =
          total == 0 ? 0 : 100 * (right == 0 ? 1 / (smoothing * total) : right / total);
      logs += precision == 0 ? LOG_OF_ZERO : Math.log(precision);
    }
    return matches == 0 ? 0 : brevityPenalty(statistics) * Math.exp(logs / MAX_ORDER);
  }

  private static double brevityPenalty(double[] statistics) {
    double length = statistics[0];
    double wanted = statistics[1];
    return length >= wanted ? 1 : length == 0 ? 0 : Math.exp(1 - wanted / length);
  }

  /**
   * Returns the signature that sacreBLEU prints, so that a score can be compared with others.
   *
   * @param references how many references each segment has
   */
  public String signature(int references) {
    return "nrefs:%s|case:mixed|eff:no|tok:%s|smooth:exp|version:2.6.0"
        .formatted(references, tokens.signature());
  }
}
