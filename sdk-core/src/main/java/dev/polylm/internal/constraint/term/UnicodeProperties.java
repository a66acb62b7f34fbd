package dev.polylm.internal.constraint.term;

import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The sets of {@code \p{..}}, from the JDK's data. */
final class UnicodeProperties {
  private static final int MAX_KEPT = 64;
  private static final int MAX_NAME = 40;

  /** Names of ECMA-262 that differ from Java's. */
  private static final Map<String, String> LONG_NAMES =
      Map.of(
          "Letter", "L",
          "Lowercase_Letter", "Ll",
          "Uppercase_Letter", "Lu",
          "Number", "N",
          "Decimal_Number", "Nd",
          "Punctuation", "P",
          "Symbol", "S",
          "Separator", "Z",
          "Mark", "M",
          "Alphabetic", "IsAlphabetic");

  private static final Pattern CATEGORY = Pattern.compile("^(General_Category|gc)=");
  private static final Pattern SCRIPT = Pattern.compile("^(Script|sc|Script_Extensions|scx)=");
  private static final Map<String, CodePoints> KEPT = new ConcurrentHashMap<>();

  private UnicodeProperties() {}

  /** Returns the set of a property, or empty if there is no such property. */
  static Optional<CodePoints> find(String name) {
    CodePoints kept = KEPT.get(name);
    if (kept != null) {
      return Optional.of(kept);
    }
    Optional<CodePoints> found = name.length() > MAX_NAME ? Optional.empty() : compute(name);
    if (KEPT.size() < MAX_KEPT) {
      found.ifPresent(set -> KEPT.put(name, set));
    }
    return found;
  }

  private static Optional<CodePoints> compute(String name) {
    String value = CATEGORY.matcher(name).replaceFirst("");
    String java = SCRIPT.matcher(LONG_NAMES.getOrDefault(value, value)).replaceFirst("Is");
    Pattern pattern;
    try {
      pattern = Pattern.compile("\\p{" + java + "}+");
    } catch (PatternSyntaxException e) {
      return Optional.empty();
    }
    String all = everyCodePoint();
    Matcher runs = pattern.matcher(all);
    BitSet bits = new BitSet();
    while (runs.find()) {
      bits.set(all.codePointAt(runs.start()), all.codePointBefore(runs.end()) + 1);
    }
    return Optional.of(CodePoints.of(bits));
  }

  /** Returns all code points in order, except surrogates, which are not characters. */
  private static String everyCodePoint() {
    StringBuilder all = new StringBuilder();
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        all.appendCodePoint(c);
      }
    }
    return all.toString();
  }
}
