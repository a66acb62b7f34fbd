package dev.polylm.cli;

import dev.polylm.PolyLmException;
import dev.polylm.constraint.Constraint;
import java.lang.Character.UnicodeScript;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Terms, each with the translations of which one must occur where the term does. */
final class Glossary {
  /** Scripts that put nothing between words. */
  private static final Set<UnicodeScript> UNBROKEN =
      EnumSet.of(
          UnicodeScript.HAN,
          UnicodeScript.HIRAGANA,
          UnicodeScript.KATAKANA,
          UnicodeScript.THAI,
          UnicodeScript.LAO,
          UnicodeScript.KHMER,
          UnicodeScript.MYANMAR);

  private static final String NO_LETTER_BEFORE = "(?<![\\p{L}\\p{M}\\p{N}])";
  private static final String NO_LETTER_AFTER = "(?![\\p{L}\\p{M}\\p{N}])";

  private final Map<Pattern, List<String>> translations = new LinkedHashMap<>();

  private Glossary() {}

  /**
   * Reads a file. Each line has a term and its translations, with tabs between them. Lines of one
   * term belong together.
   *
   * @throws PolyLmException if the file can't be read, or a line has no translation
   */
  static Glossary read(Path file) {
    Map<String, List<String>> entries = new LinkedHashMap<>();
    int number = 0;
    for (String line : Prompts.fromFile(file).lines().toList()) {
      number++;
      List<String> texts =
          Arrays.stream(line.split("\t")).map(String::strip).filter(t -> !t.isEmpty()).toList();
      if (texts.size() == 1) {
        throw new PolyLmException(
            "%s: line %s is %s, expected a term, a tab and a translation"
                .formatted(file, number, texts.get(0)));
      }
      if (!texts.isEmpty()) {
        entries
            .computeIfAbsent(texts.get(0), term -> new ArrayList<>())
            .addAll(texts.subList(1, texts.size()));
      }
    }
    Glossary glossary = new Glossary();
    entries.forEach((term, texts) -> glossary.translations.put(pattern(term), texts));
    return glossary;
  }

  /** Returns a pattern that finds a term in any case, but not inside a longer word. */
  private static Pattern pattern(String term) {
    String before = isUnbroken(term.codePointAt(0)) ? "" : NO_LETTER_BEFORE;
    String after = isUnbroken(term.codePointBefore(term.length())) ? "" : NO_LETTER_AFTER;
    return Pattern.compile(
        before + Pattern.quote(term) + after, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }

  private static boolean isUnbroken(int codePoint) {
    return UNBROKEN.contains(UnicodeScript.of(codePoint));
  }

  /** Returns what a text's translation must contain, or null if the text has none of the terms. */
  @Nullable Constraint constraint(String text) {
    List<List<String>> phrases =
        translations.entrySet().stream()
            .filter(entry -> entry.getKey().matcher(text).find())
            .map(Map.Entry::getValue)
            .toList();
    return phrases.isEmpty() ? null : Constraint.containing(phrases);
  }
}
