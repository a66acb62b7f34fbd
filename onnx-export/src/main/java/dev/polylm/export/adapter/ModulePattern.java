package dev.polylm.export.adapter;

import dev.polylm.PolyLmException;
import dev.polylm.internal.untrusted.Quoted;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A key of {@code rank_pattern} or {@code alpha_pattern}: a regular expression that a module's name
 * or its end, from a dot on, matches as a whole ({@code get_pattern_key} of PEFT 0.21).
 *
 * <p>The key is untrusted, so its length, its characters and the steps of a match are limited.
 * Braces are not allowed, because a group that matches nothing could be repeated 2^31 times.
 */
final class ModulePattern {
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_.\\\\|()\\[\\]*+?^$-]{1,200}");

  /** A thousand times as many as a name of 50 characters takes. */
  private static final int MAX_STEPS = 100_000;

  private final String where;
  private final Pattern pattern;

  private ModulePattern(String where, Pattern pattern) {
    this.where = where;
    this.pattern = pattern;
  }

  /**
   * Reads a key.
   *
   * @param where the beginning of the message: the file and the setting
   * @throws PolyLmException if it is not a regular expression, or has braces
   */
  static ModulePattern of(String where, String key) {
    String named = "%s: key %s".formatted(where, Quoted.of(key));
    if (!KEY.matcher(key).matches()) {
      throw new PolyLmException(
          named
              + " is not a simple expression, expected up to 200 letters, digits and signs, without braces");
    }
    try {
      return new ModulePattern(named, Pattern.compile("(.*\\.)?(" + key + ")$"));
    } catch (PatternSyntaxException e) {
      throw new PolyLmException(
          "%s is not a regular expression: %s".formatted(named, Quoted.of(e.getDescription())), e);
    }
  }

  /**
   * Returns whether the key matches a module.
   *
   * @throws PolyLmException if the match takes too many steps
   */
  boolean matches(String module) {
    try {
      return pattern.matcher(new Budgeted(module)).lookingAt();
    } catch (StackOverflowError e) {
      throw tooLong();
    }
  }

  private PolyLmException tooLong() {
    return new PolyLmException(where + " takes too long to match, expected a simple one");
  }

  /** File, setting and key, for messages. */
  @Override
  public String toString() {
    return where;
  }

  /** A name that allows a limited number of looks at its characters. */
  private final class Budgeted implements CharSequence {
    private final String name;
    private int steps = MAX_STEPS;

    Budgeted(String name) {
      this.name = name;
    }

    @Override
    public char charAt(int index) {
      if (--steps < 0) {
        throw tooLong();
      }
      return name.charAt(index);
    }

    @Override
    public int length() {
      return name.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return name.substring(start, end);
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
