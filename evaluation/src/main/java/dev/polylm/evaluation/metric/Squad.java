package dev.polylm.evaluation.metric;

import dev.polylm.evaluation.text.PythonText;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * Exact match and F1 of answers, as SQuAD's evaluation script v1.1 computes them. Case, ASCII
 * punctuation, the English articles and white space don't count. Stateless.
 */
public final class Squad {
  private static final Set<String> ARTICLES = Set.of("a", "an", "the");
  private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

  private Squad() {}

  /** Returns 1 if the answer is one of the right ones, else 0. */
  public static double exactMatch(String answer, List<String> references) {
    Arguments.check(answer, references);
    String normal = normalize(answer);
    return best(references, reference -> normal.equals(normalize(reference)) ? 1 : 0);
  }

  /** Returns the F1 of the answer's words and those of the most similar right answer. */
  public static double f1(String answer, List<String> references) {
    Arguments.check(answer, references);
    List<String> words = PythonText.split(normalize(answer));
    return best(references, reference -> f1(words, PythonText.split(normalize(reference))));
  }

  private static double best(List<String> references, ToDoubleFunction<String> score) {
    return references.stream().mapToDouble(score).max().orElse(0);
  }

  private static double f1(List<String> words, List<String> right) {
    Map<List<String>, Integer> counts = Ngrams.count(words, 1);
    double common = Ngrams.common(counts, Ngrams.count(right, 1));
    if (common == 0) {
      return 0;
    }
    double precision = common / words.size();
    double recall = common / right.size();
    return 2 * precision * recall / (precision + recall);
  }

  /** Returns an answer in the form in which answers are compared. */
  public static String normalize(String answer) {
    StringBuilder text = new StringBuilder();
    answer
        .toLowerCase(Locale.ROOT)
        .codePoints()
        .filter(c -> PUNCTUATION.indexOf(c) < 0)
        .forEach(text::appendCodePoint);
    return String.join(" ", PythonText.split(withoutArticles(text.toString())));
  }

  /** Puts a space for each article that is a word of its own, as {@code \b(a|an|the)\b}. */
  private static String withoutArticles(String text) {
    StringBuilder kept = new StringBuilder();
    StringBuilder word = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (PythonText.isWord(c)) {
                word.appendCodePoint(c);
              } else {
                kept.append(articleOrWord(word)).appendCodePoint(c);
                word.setLength(0);
              }
            });
    return kept.append(articleOrWord(word)).toString();
  }

  private static String articleOrWord(StringBuilder word) {
    String text = word.toString();
    return ARTICLES.contains(text) ? " " : text;
  }
}
