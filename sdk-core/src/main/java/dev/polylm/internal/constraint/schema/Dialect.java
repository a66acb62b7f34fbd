package dev.polylm.internal.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The supported drafts. The keywords of a custom dialect could mean anything. */
final class Dialect {
  private static final Pattern KNOWN =
      Pattern.compile(
          "https?://json-schema\\.org/(draft-0[467]/|draft/(2019-09|2020-12)/)?schema#?");

  private Dialect() {}

  static void check(JsonNode root) {
    if (!root.has("$schema")) {
      return;
    }
    Matcher matcher = KNOWN.matcher(root.get("$schema").asText());
    if (!matcher.matches()) {
      throw Keywords.refused(
          "#/$schema",
          "expected one of JSON Schema's drafts 4 to 2020-12, found "
              + root.get("$schema").asText());
    }
  }
}
