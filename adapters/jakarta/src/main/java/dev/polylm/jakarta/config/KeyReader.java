package dev.polylm.jakarta.config;

import dev.polylm.PolyLmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;

/**
 * Reads keys under {@code polylm.} and remembers each key that it read. No other key may be set.
 */
final class KeyReader {
  private static final String PREFIX = "polylm.";

  private final Config config;
  private final SortedSet<String> known = new TreeSet<>();

  KeyReader(Config config) {
    this.config = config;
  }

  /** Returns the keys under {@code polylm.} that are set. */
  SortedSet<String> names() {
    return StreamSupport.stream(config.getPropertyNames().spliterator(), false)
        .filter(name -> name.startsWith(PREFIX))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  Optional<String> text(String key) {
    known.add(key);
    return config.getOptionalValue(key, String.class).map(String::strip).filter(s -> !s.isEmpty());
  }

  /** Returns the texts between commas. */
  List<String> list(String key) {
    return text(key).stream()
        .flatMap(value -> Arrays.stream(value.split(",", -1)))
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .toList();
  }

  /** Returns the names and values between commas: {@code a=1, b=2}. */
  Map<String, String> pairs(String key) {
    Map<String, String> pairs = new HashMap<>();
    for (String pair : list(key)) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw new PolyLmException(
            "%s has \"%s\", must be NAME=VALUE, with commas between them".formatted(key, pair));
      }
      pairs.put(pair.substring(0, equals).strip(), pair.substring(equals + 1).strip());
    }
    return pairs;
  }

  boolean flag(String key, boolean defaultValue) {
    String value = text(key).orElse(Boolean.toString(defaultValue));
    if (!value.equals("true") && !value.equals("false")) {
      throw new PolyLmException("%s is \"%s\", must be true or false".formatted(key, value));
    }
    return value.equals("true");
  }

  int integer(String key, int defaultValue, int least) {
    return Math.toIntExact(integer(key, defaultValue, least, Integer.MAX_VALUE));
  }

  long integer(String key, long defaultValue, long least, long most) {
    Optional<String> value = text(key);
    long number = defaultValue;
    try {
      number = value.isPresent() ? Long.parseLong(value.get()) : defaultValue;
    } catch (NumberFormatException e) {
      throw outOfRange(key, value.orElseThrow(), least, most);
    }
    if (number < least || number > most) {
      throw outOfRange(key, Long.toString(number), least, most);
    }
    return number;
  }

  private static PolyLmException outOfRange(String key, String value, long least, long most) {
    return new PolyLmException(
        "%s is \"%s\", must be an integer from %s to %s".formatted(key, value, least, most));
  }

  /**
   * Checks that every key that is set was read. Environment variables are not checked: some are for
   * other programs, such as {@code POLYLM_HOME}.
   *
   * @throws PolyLmException if one was not
   */
  void checkAllKnown() {
    SortedSet<String> unknown = names();
    unknown.removeAll(known);
    unknown.removeIf(KeyReader::isVariable);
    if (!unknown.isEmpty()) {
      throw new PolyLmException(
          "%s is unknown, expected keys under polylm. to be of: %s"
              .formatted(
                  String.join(", ", unknown),
                  known.stream()
                      .map(key -> key.substring(PREFIX.length()))
                      .collect(Collectors.joining(", "))));
    }
  }

  /**
   * Returns whether an environment variable has the key's name in MicroProfile Config's spelling.
   */
  private static boolean isVariable(String key) {
    String variable = key.replaceAll("[^A-Za-z0-9]", "_");
    return System.getenv().containsKey(variable)
        || System.getenv().containsKey(variable.toUpperCase(Locale.ROOT));
  }
}
