package dev.polylm.assistant;

import dev.polylm.prompt.Language;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request to the assistant.
 *
 * @param from the language of the text; null for the language of the turn before
 * @param to the language of the answer
 * @param text a text, or a term of the glossary; null for the text of the turn before
 * @param term whether the text is a term of the glossary
 */
record Turn(@Nullable Language from, Language to, @Nullable String text, boolean term) {
  private static final Pattern SYNTAX = Pattern.compile("(?s)(?:(\\w+)>(\\w+) (\\?)?(.+)|>(\\w+))");

  /**
   * Reads {@code en>de A text.}, {@code en>de ?term} or {@code >de}.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  static Turn parse(String turn) {
    Matcher matcher = SYNTAX.matcher(turn);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "\"%s\" is not a question, expected \"en>de A text.\", \"en>de ?term\" or \">de\""
              .formatted(turn));
    }
    if (matcher.group(5) != null) {
      return new Turn(null, Language.of(matcher.group(5)), null, false);
    }
    return new Turn(
        Language.of(matcher.group(1)),
        Language.of(matcher.group(2)),
        matcher.group(4),
        matcher.group(3) != null);
  }
}
