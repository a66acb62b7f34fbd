package dev.polylm.evaluation.task;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLmException;
import dev.polylm.internal.untrusted.Quoted;
import java.util.ArrayList;
import java.util.List;

/**
 * A JSON value of a data set.
 *
 * @param place where it is, for messages
 * @param form the form that the file should have, for messages
 * @param json the value
 */
public record DataRecord(String place, String form, JsonNode json) {

  /** Returns a text that must be there and not be empty. */
  String text(String key) {
    JsonNode value = json.path(key);
    if (!value.isTextual() || value.textValue().isEmpty()) {
      throw wrong(key, "a text", value);
    }
    return value.textValue();
  }

  /** Returns a number from 0 to below a limit. */
  int index(String key, int limit) {
    JsonNode value = json.path(key);
    int index = value.isInt() ? value.intValue() : -1;
    if (index < 0 || index >= limit) {
      throw wrong(key, "a number from 0 to " + (limit - 1), value);
    }
    return index;
  }

  /** Returns the elements of an array. */
  List<DataRecord> list(String key) {
    JsonNode value = json.path(key);
    if (!value.isArray()) {
      throw wrong(key, "an array", value);
    }
    List<DataRecord> elements = new ArrayList<>();
    for (int i = 0; i < value.size(); i++) {
      elements.add(new DataRecord("%s, %s %s".formatted(place, key, i), form, value.get(i)));
    }
    return elements;
  }

  private PolyLmException wrong(String key, String expected, JsonNode found) {
    String what = found.isMissingNode() ? "is missing" : "is " + Quoted.of(found);
    return new PolyLmException(
        "%s: %s %s, must be %s; expected %s".formatted(place, key, what, expected, form));
  }
}
