package dev.polylm.cli;

import dev.polylm.PolyLmException;
import dev.polylm.constraint.Constraint;
import dev.polylm.internal.untrusted.Quoted;
import java.lang.Character.UnicodeScript;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
   * term, in any case, belong together.
   *
   * @throws PolyLmException if the file can't be read, or a line has no term or no translation
   */
  static Glossary read(Path file) {
    Map<String, String> terms = new LinkedHashMap<>();
    Map<String, Set<String>> entries = new LinkedHashMap<>();
    int number = 0;
    for (String line : Prompts.fromFile(file).lines().toList()) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      List<String> texts = Arrays.stream(line.split("\t")).map(String::strip).toList();
      List<String> found = texts.stream().skip(1).filter(text -> !text.isEmpty()).toList();
      if (texts.get(0).isEmpty() || found.isEmpty()) {
        throw new PolyLmException(
            "%s: line %s is %s, expected a term, a tab and a translation"
                .formatted(file, number, Quoted.of(line.strip())));
      }
      String key = withoutCase(texts.get(0));
      terms.putIfAbsent(key, texts.get(0));
      entries.computeIfAbsent(key, term -> new LinkedHashSet<>()).addAll(found);
    }
    Glossary glossary = new Glossary();
    terms.forEach(
        (key, term) -> glossary.translations.put(pattern(term), List.copyOf(entries.get(key))));
    return glossary;
  }

  /** Returns what is the same for all terms that one pattern finds. */
  private static String withoutCase(String term) {
    return term.codePoints()
        .map(Character::toUpperCase)
        .map(Character::toLowerCase)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
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
