package dev.polylm.evaluation.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * ROUGE as Google's rouge-score computes it: the F-measure of runs of tokens (ROUGE-1, ROUGE-2), of
 * the longest common subsequence (ROUGE-L), and of the union of those of the sentences
 * (ROUGE-Lsum). Immutable.
 *
 * <pre>{@code
 * Rouge rouge = new Rouge(Rouge.Tokens.GOOGLE, false);
 * System.out.println(rouge.n(1, "The cat sat.", "The cat sat down."));
 * }</pre>
 *
 * @param tokens how a text is split
 * @param stemmed whether tokens of more than three characters are replaced by their stem
 */
public record Rouge(Tokens tokens, boolean stemmed) {
  private static final int LONGEST_WITHOUT_STEM = 3;
  private static final Pattern LINE_BREAK = Pattern.compile("\n");

  /** How a text is split. */
  public enum Tokens {
    /** Runs of a to z and 0 to 9 in lower case. All other characters separate. */
    GOOGLE("[a-z0-9]+"),
    /**
     * The runs of {@link #GOOGLE}, and each other letter or digit by itself; for languages that
     * write no spaces.
     */
    CHARACTERS("[a-z0-9]+|[\\p{L}\\p{N}]");

    private final Pattern token;

    Tokens(String token) {
      this.token = Pattern.compile(token);
    }

    /** Returns the tokens for a language: Chinese, Japanese and Thai have no spaces. */
    public static Tokens of(String language) {
      return switch (language) {
        case "zh", "ja", "th" -> CHARACTERS;
        default -> GOOGLE;
      };
    }
  }

  /** Returns the tokens of a text. */
  public List<String> split(String text) {
    List<String> found = new ArrayList<>();
    Matcher matcher = tokens.token.matcher(text.toLowerCase(Locale.ROOT));
    while (matcher.find()) {
      String token = matcher.group();
      boolean stem = stemmed && token.length() > LONGEST_WITHOUT_STEM;
      found.add(stem ? PorterStemmer.stem(token) : token);
    }
    return found;
  }

  /**
   * Returns ROUGE-N, from 0 to 1.
   *
   * @param order N, how many tokens a run has
   */
  public double n(int order, String text, String reference) {
    Arguments.checkAtLeast("order", order, 1);
    Map<List<String>, Integer> runs = Ngrams.count(split(text), order);
    Map<List<String>, Integer> right = Ngrams.count(split(reference), order);
    return fMeasure(Ngrams.common(runs, right), total(runs), total(right));
  }

  private static int total(Map<List<String>, Integer> counts) {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Returns ROUGE-L, from 0 to 1. */
  public double l(String text, String reference) {
    List<String> words = split(text);
    List<String> right = split(reference);
    return fMeasure(commonPlaces(right, words).size(), words.size(), right.size());
  }

  /** Returns ROUGE-Lsum, from 0 to 1. Line breaks separate the sentences. */
  public double lSum(String text, String reference) {
    List<List<String>> sentences = sentences(text);
    List<List<String>> right = sentences(reference);
    List<String> words = sentences.stream().flatMap(List::stream).toList();
    List<String> rightWords = right.stream().flatMap(List::stream).toList();
    Map<List<String>, Integer> left = Ngrams.count(words, 1);
    Map<List<String>, Integer> rightLeft = Ngrams.count(rightWords, 1);
    int hits = 0;
    for (List<String> sentence : right) {
      TreeSet<Integer> places = new TreeSet<>();
      sentences.forEach(other -> places.addAll(commonPlaces(sentence, other)));
      for (int place : places) {
        List<String> token = List.of(sentence.get(place));
        if (left.getOrDefault(token, 0) > 0 && rightLeft.getOrDefault(token, 0) > 0) {
          hits++;
          left.merge(token, -1, Integer::sum);
          rightLeft.merge(token, -1, Integer::sum);
        }
      }
    }
    return fMeasure(hits, words.size(), rightWords.size());
  }

  private List<List<String>> sentences(String text) {
    return LINE_BREAK.splitAsStream(text).filter(line -> !line.isEmpty()).map(this::split).toList();
  }

  /** Returns the places in the reference of a longest common subsequence, the last if several. */
  private static List<Integer> commonPlaces(List<String> right, List<String> words) {
    int[][] lengths = lengths(right, words);
    List<Integer> places = new ArrayList<>();
    int i = right.size();
    int j = words.size();
    while (i > 0 && j > 0) {
      if (right.get(i - 1).equals(words.get(j - 1))) {
        places.add(--i);
        j--;
      } else if (lengths[i][j - 1] > lengths[i - 1][j]) {
        j--;
      } else {
        i--;
      }
    }
    return places;
  }

  /** Returns the lengths of the longest common subsequences of all beginnings. */
  private static int[][] lengths(List<String> right, List<String> words) {
    int[][] lengths = new int[right.size() + 1][words.size() + 1];
    for (int i = 1; i <= right.size(); i++) {
      for (int j = 1; j <= words.size(); j++) {
        lengths[i][j] =
            right.get(i - 1).equals(words.get(j - 1))
                ? lengths[i - 1][j - 1] + 1
                : Math.max(lengths[i - 1][j], lengths[i][j - 1]);
      }
    }
    return lengths;
  }

  private static double fMeasure(double common, int count, int rightCount) {
    double precision = common / Math.max(1, count);
    double recall = common / Math.max(1, rightCount);
    return common == 0 ? 0 : 2 * precision * recall / (precision + recall);
  }

  /** Returns what was counted, in the style of sacreBLEU's signatures. */
  public String signature() {
    return "tok:%s|stem:%s"
        .formatted(tokens == Tokens.GOOGLE ? "a-z0-9" : "characters", stemmed ? "porter" : "no");
  }
}
