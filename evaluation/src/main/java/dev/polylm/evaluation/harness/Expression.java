package dev.polylm.evaluation.harness;

import java.util.Map;

/** An expression of a template. Its values are texts, numbers, truth values, lists and maps. */
@FunctionalInterface
interface Expression {
  /** Returns the value for an item. */
  Object value(Map<String, Object> fields);
}
