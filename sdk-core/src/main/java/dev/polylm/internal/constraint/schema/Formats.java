package dev.polylm.internal.constraint.schema;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The values of {@code format}, as patterns for which every text is valid: where a format's own
 * rules are wider, a little is left out, never let in.
 */
final class Formats {
  /** The formats that drafts define. JSON Schema leaves others to whoever knows them. */
  private static final Set<String> DEFINED =
      Set.of(
          "date",
          "time",
          "date-time",
          "duration",
          "email",
          "idn-email",
          "hostname",
          "idn-hostname",
          "ipv4",
          "ipv6",
          "uri",
          "uri-reference",
          "iri",
          "iri-reference",
          "uuid",
          "uri-template",
          "json-pointer",
          "relative-json-pointer",
          "regex");

  private static final String DATE =
      "(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
          + "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
          + "|02-(?:0[1-9]|1[0-9]|2[0-8]))"
          + "|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)";
  private static final String TIME =
      "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]+)?"
          + "(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])";
  private static final String TIME_OF_DURATION =
      "(?:[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?|[0-9]+M(?:[0-9]+S)?|[0-9]+S)";
  private static final String BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final String IPV4 = BYTE + "(?:\\." + BYTE + "){3}";

  /** Starts with a letter, so that no name is all digits, and has no two hyphens in the middle. */
  private static final String LABEL = "[A-Za-z](?:[A-Za-z0-9]|-[A-Za-z0-9]){0,30}";

  private static final String HOST = LABEL + "(?:\\." + LABEL + "){0,3}";

  /** Up to three of these are a mailbox's name, which has at most 64 characters. */
  private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,20}";

  private static final String PATH_CHARACTER = "(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})";
  private static final String TAIL =
      "(?:\\?(?:" + PATH_CHARACTER + "|[/?])*)?(?:#(?:" + PATH_CHARACTER + "|[/?])*)?";
  private static final String AUTHORITY =
      "//(?:[A-Za-z0-9._~-]|%[0-9A-Fa-f]{2})*(?::[0-9]{1,5})?(?:/" + PATH_CHARACTER + "*)*";
  private static final String GROUP = "[0-9A-Fa-f]{1,4}";

  private static final Map<String, String> PATTERNS = new HashMap<>();

  static {
    PATTERNS.put("date", DATE);
    PATTERNS.put("time", TIME);
    PATTERNS.put("date-time", DATE + "[Tt]" + TIME);
    PATTERNS.put(
        "duration",
        "P(?:[0-9]+W|(?:[0-9]+Y(?:[0-9]+M(?:[0-9]+D)?)?|[0-9]+M(?:[0-9]+D)?|[0-9]+D)(?:T"
            + TIME_OF_DURATION
            + ")?|T"
            + TIME_OF_DURATION
            + ")");
    PATTERNS.put(
        "uuid", "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    PATTERNS.put("ipv4", IPV4);
    PATTERNS.put("ipv6", ipv6());
    PATTERNS.put("hostname", HOST);
    PATTERNS.put("email", ATOM + "(?:\\." + ATOM + "){0,2}@" + HOST);
    PATTERNS.put(
        "uri",
        "[A-Za-z][A-Za-z0-9+.-]*:(?:"
            + AUTHORITY
            + "|/?(?:"
            + PATH_CHARACTER
            + "+(?:/"
            + PATH_CHARACTER
            + "*)*)?)"
            + TAIL);
    PATTERNS.put(
        "uri-reference",
        "(?:[A-Za-z][A-Za-z0-9+.-]*:(?:"
            + AUTHORITY
            + ")|/?(?:[A-Za-z0-9._~-]+(?:/"
            + PATH_CHARACTER
            + "*)*)?)"
            + TAIL);
    PATTERNS.put("json-pointer", "(?:/(?:[^~/]|~[01])*)*");
  }

  private Formats() {}

  /** Eight groups, or fewer around one double colon. */
  private static String ipv6() {
    StringBuilder all = new StringBuilder("(?:" + GROUP + ":){7}" + GROUP);
    for (int before = 0; before <= 6; before++) {
      String left = before == 0 ? "" : GROUP + "(?::" + GROUP + "){" + (before - 1) + "}";
      int after = 6 - before;
      String right =
          after == 0 ? "" : "(?:" + GROUP + "(?::" + GROUP + "){0," + (after - 1) + "})?";
      all.append('|').append(left).append("::").append(right);
    }
    return all.toString();
  }

  /** A format that no draft defines only describes. */
  static boolean isDefined(String format) {
    return DEFINED.contains(format);
  }

  static boolean isKnown(String format) {
    return PATTERNS.containsKey(format);
  }

  /** The pattern that the whole of a string must have. */
  static Optional<String> pattern(String format) {
    return Optional.ofNullable(PATTERNS.get(format));
  }
}
