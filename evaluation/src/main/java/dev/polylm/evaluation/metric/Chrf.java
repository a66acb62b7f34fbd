package dev.polylm.evaluation.metric;

import dev.polylm.evaluation.text.PythonText;
import java.util.List;
import java.util.Map;

/**
 * chrF2 as sacreBLEU 2.6.0 computes it by default: runs of up to six characters without white
 * space, recall weighing twice. Stateless.
 *
 * <pre>{@code
 * double[] statistics = Chrf.statistics("Das Haus", List.of("Das Haus."));
 * System.out.println(Chrf.score(statistics) + " " + Chrf.signature(1));
 * }</pre>
 */
public final class Chrf {
  private static final int MAX_ORDER = 6;
  private static final double BETA_SQUARED = 4;

  private Chrf() {}

  /**
   * Returns the statistics of a segment against the reference that gives the best score.
   *
   * @param references at least one translation that is right
   * @return [18]: for each length of runs the hypothesis' count, the reference's, and the common
   *     ones
   */
  public static double[] statistics(String hypothesis, List<String> references) {
    Arguments.check(hypothesis, references);
    double[] best = statistics(hypothesis, references.get(0));
    for (String reference : references.subList(1, references.size())) {
      double[] other = statistics(hypothesis, reference);
      best = score(other) > score(best) ? other : best;
    }
    return best;
  }

  private static double[] statistics(String hypothesis, String reference) {
    List<String> characters = characters(hypothesis);
    List<String> right = characters(reference);
    double[] statistics = new double[3 * MAX_ORDER];
    for (int order = 1; order <= MAX_ORDER; order++) {
      Map<List<String>, Integer> known = Ngrams.count(right, order);
      int at = 3 * (order - 1);
      statistics[at] = known.isEmpty() ? 0 : Math.max(0, characters.size() - order + 1);
      statistics[at + 1] = Math.max(0, right.size() - order + 1);
      statistics[at + 2] = Ngrams.common(Ngrams.count(characters, order), known);
    }
    return statistics;
  }

  private static List<String> characters(String text) {
    return PythonText.characters(String.join("", PythonText.split(text)));
  }

  /**
   * Returns the score of summed statistics, from 0 to 100.
   *
   * @param statistics [18], as {@link #statistics(String, List)} gives them
   */
  public static double score(double[] statistics) {
    double precision = 0;
    double recall = 0;
    int orders = 0;
    for (int at = 0; at < statistics.length; at += 3) {
      if (statistics[at] > 0 && statistics[at + 1] > 0) {
        precision += statistics[at + 2] / statistics[at];
        recall += statistics[at + 2] / statistics[at + 1];
        orders++;
      }
    }
    if (precision + recall == 0) {
      return 0;
    }
    precision /= orders;
    recall /= orders;
    return 100 * (1 + BETA_SQUARED) * precision * recall / (BETA_SQUARED * precision + recall);
  }

  /**
   * Returns the signature that sacreBLEU prints.
   *
   * @param references how many references each segment has
   */
  public static String signature(int references) {
    return "nrefs:%s|case:mixed|eff:yes|nc:6|nw:0|space:no|version:2.6.0".formatted(references);
  }
}
