package dev.polylm.evaluation.metric;

import java.util.Map;
import java.util.function.Predicate;

/**
 * Porter's stemmer with the extensions of NLTK, which Google's rouge-score uses.
 *
 * <p>Source: M. F. Porter, "An algorithm for suffix stripping", 1980; nltk.stem.porter 3.10 for the
 * extensions.
 */
final class PorterStemmer {
  private static final Map<String, String> IRREGULAR =
      Map.ofEntries(
          Map.entry("sky", "sky"),
          Map.entry("skies", "sky"),
          Map.entry("dying", "die"),
          Map.entry("lying", "lie"),
          Map.entry("tying", "tie"),
          Map.entry("news", "news"),
          Map.entry("innings", "inning"),
          Map.entry("inning", "inning"),
          Map.entry("outings", "outing"),
          Map.entry("outing", "outing"),
          Map.entry("cannings", "canning"),
          Map.entry("canning", "canning"),
          Map.entry("howe", "howe"),
          Map.entry("proceed", "proceed"),
          Map.entry("exceed", "exceed"),
          Map.entry("succeed", "succeed"));

  /** Suffixes and what replaces them. The first suffix that a word has counts. */
  private static final String[][] STEP_1A = {{"sses", "ss"}, {"ies", "i"}, {"ss", "ss"}, {"s", ""}};

  private static final String[][] STEP_1B = {{"at", "ate"}, {"bl", "ble"}, {"iz", "ize"}};

  private static final String[][] STEP_2 = {
    {"ational", "ate"}, {"tional", "tion"}, {"enci", "ence"}, {"anci", "ance"}, {"izer", "ize"},
    {"bli", "ble"}, {"alli", "al"}, {"entli", "ent"}, {"eli", "e"}, {"ousli", "ous"},
    {"ization", "ize"}, {"ation", "ate"}, {"ator", "ate"}, {"alism", "al"}, {"iveness", "ive"},
    {"fulness", "ful"}, {"ousness", "ous"}, {"aliti", "al"}, {"iviti", "ive"}, {"biliti", "ble"},
    {"fulli", "ful"}
  };

  private static final String[][] STEP_3 = {
    {"icate", "ic"},
    {"ative", ""},
    {"alize", "al"},
    {"iciti", "ic"},
    {"ical", "ic"},
    {"ful", ""},
    {"ness", ""}
  };

  private static final String[][] STEP_4 = {
    {"al", ""}, {"ance", ""}, {"ence", ""}, {"er", ""}, {"ic", ""}, {"able", ""}, {"ible", ""},
    {"ant", ""}, {"ement", ""}, {"ment", ""}, {"ent", ""}, {"ion", ""}, {"ou", ""}, {"ism", ""},
    {"ate", ""}, {"iti", ""}, {"ous", ""}, {"ive", ""}, {"ize", ""}
  };

  private static final String VOWELS = "aeiou";

  private PorterStemmer() {}

  /** Returns the stem of a word in lower case. */
  static String stem(String word) {
    String irregular = IRREGULAR.get(word);
    if (irregular != null) {
      return irregular;
    }
    if (word.length() <= 2) {
      return word;
    }
    String stem = step2(step1c(step1b(step1a(word))));
    stem = replace(stem, STEP_3, rest -> measure(rest) > 0);
    return step5(step4(stem));
  }

  private static String step1a(String word) {
    boolean shortPlural = word.endsWith("ies") && word.length() == 4;
    return shortPlural ? cut(word, 1) : replace(word, STEP_1A, rest -> true);
  }

  private static String step1b(String word) {
    if (word.endsWith("ied")) {
      return cut(word, word.length() == 4 ? 1 : 2);
    }
    if (word.endsWith("eed")) {
      return measure(cut(word, 3)) > 0 ? cut(word, 1) : word;
    }
    for (String suffix : new String[] {"ed", "ing"}) {
      if (word.endsWith(suffix) && hasVowel(cut(word, suffix.length()))) {
        return completed(cut(word, suffix.length()));
      }
    }
    return word;
  }

  /** Repairs a word that lost -ed or -ing. */
  private static String completed(String word) {
    String repaired = replace(word, STEP_1B, rest -> true);
    if (!repaired.equals(word)) {
      return repaired;
    }
    int last = word.length() - 1;
    if (last > 0 && word.charAt(last) == word.charAt(last - 1) && isConsonant(word, last)) {
      return "lsz".indexOf(word.charAt(last)) < 0 ? cut(word, 1) : word;
    }
    return measure(word) == 1 && endsShort(word) ? word + "e" : word;
  }

  private static String step1c(String word) {
    String rest = cut(word, 1);
    boolean afterConsonant =
        word.endsWith("y") && rest.length() > 1 && isConsonant(rest, rest.length() - 1);
    return afterConsonant ? rest + "i" : word;
  }

  private static String step2(String word) {
    if (word.endsWith("alli") && measure(cut(word, 4)) > 0) {
      return step2(cut(word, 2));
    }
    String replaced = replace(word, STEP_2, rest -> measure(rest) > 0);
    boolean logi = word.endsWith("logi") && measure(cut(word, 3)) > 0;
    return logi ? cut(word, 1) : replaced;
  }

  private static String step4(String word) {
    boolean ion = word.endsWith("ion");
    return replace(
        word,
        STEP_4,
        rest -> measure(rest) > 1 && (!ion || rest.endsWith("s") || rest.endsWith("t")));
  }

  private static String step5(String word) {
    String stem = word;
    if (word.endsWith("e")) {
      String rest = cut(word, 1);
      int measure = measure(rest);
      stem = measure > 1 || (measure == 1 && !endsShort(rest)) ? rest : word;
    }
    return stem.endsWith("ll") && measure(cut(stem, 1)) > 1 ? cut(stem, 1) : stem;
  }

  private static String replace(String word, String[][] rules, Predicate<String> condition) {
    for (String[] rule : rules) {
      if (word.endsWith(rule[0])) {
        String rest = cut(word, rule[0].length());
        return condition.test(rest) ? rest + rule[1] : word;
      }
    }
    return word;
  }

  private static String cut(String word, int characters) {
    return word.substring(0, word.length() - characters);
  }

  /** Returns m of a word of the form [C](VC)^m[V], with V for vowels and C for consonants. */
  private static int measure(String word) {
    int measure = 0;
    for (int i = 1; i < word.length(); i++) {
      if (isConsonant(word, i) && !isConsonant(word, i - 1)) {
        measure++;
      }
    }
    return measure;
  }

  private static boolean hasVowel(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (!isConsonant(word, i)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns whether a word ends with consonant, vowel, consonant, or is a vowel and a consonant.
   */
  private static boolean endsShort(String word) {
    int last = word.length() - 1;
    if (last < 1 || isConsonant(word, last - 1) || !isConsonant(word, last)) {
      return false;
    }
    return last == 1 || (isConsonant(word, last - 2) && "wxy".indexOf(word.charAt(last)) < 0);
  }

  /** Returns whether a letter is a consonant: y is one if it begins a word or follows a vowel. */
  private static boolean isConsonant(String word, int at) {
    int run = at;
    while (run > 0 && word.charAt(run) == 'y') {
      run--;
    }
    boolean first = VOWELS.indexOf(word.charAt(run)) < 0;
    return (at - run) % 2 == 0 ? first : !first;
  }
}
