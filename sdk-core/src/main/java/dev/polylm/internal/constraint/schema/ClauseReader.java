package dev.polylm.internal.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.internal.constraint.schema.Clause.Bound;
import dev.polylm.internal.constraint.schema.Clause.Shape;
import dev.polylm.internal.constraint.schema.Formula.Assertion;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the assertions in the keywords of one schema. */
final class ClauseReader {
  /** Each value of a list is compared with the others. */
  private static final int MAX_VALUES = 10_000;

  private final SchemaReader schemas;

  ClauseReader(SchemaReader schemas) {
    this.schemas = schemas;
  }

  /** Returns the formula of objects that have the members. */
  static Formula requiring(String pointer, Set<String> names) {
    Clause.Objects objects =
        new Clause.Objects(
            0, Clause.UNBOUNDED, names, Map.of(), Map.of(), Formula.TRUE, Formula.TRUE);
    return new Assertion(Clause.of(pointer, JsonType.ALL).with(objects));
  }

  /** Returns the formula of objects that don't have the member. */
  static Formula without(String pointer, String name) {
    Clause.Objects objects =
        new Clause.Objects(
            0,
            Clause.UNBOUNDED,
            Set.of(),
            Map.of(name, Formula.FALSE),
            Map.of(),
            Formula.TRUE,
            Formula.TRUE);
    return new Assertion(Clause.of(pointer, JsonType.ALL).with(objects));
  }

  /**
   * @param applied true if the schema contains other schemas that apply to the same value
   */
  Formula read(Keywords keywords, boolean applied) {
    Clause clause =
        Clause.of(keywords.pointer(), types(keywords))
            .with(numbers(keywords))
            .with(strings(keywords))
            .with(arrays(keywords))
            .with(objects(keywords, applied));
    List<JsonNode> values = values(keywords);
    Clause all = values == null ? clause : clause.allowing(values);
    return all.equals(Clause.of(keywords.pointer(), JsonType.ALL))
        ? Formula.TRUE
        : new Assertion(all);
  }

  private static Set<JsonType> types(Keywords keywords) {
    if (!keywords.has("type")) {
      return JsonType.ALL;
    }
    Set<String> names =
        keywords.get("type").isTextual()
            ? Set.of(keywords.get("type").textValue())
            : keywords.texts("type");
    Set<JsonType> types = EnumSet.noneOf(JsonType.class);
    for (String name : names) {
      types.addAll(
          JsonType.named(name)
              .orElseThrow(
                  () -> Keywords.refused(keywords.pointerOf("type"), "there is no type " + name)));
    }
    return types;
  }

  private static @Nullable List<JsonNode> values(Keywords keywords) {
    if (keywords.has("const")) {
      JsonNode only = keywords.get("const");
      boolean possible = !keywords.has("enum") || JsonValues.contains(keywords.list("enum"), only);
      return possible ? List.of(only) : List.of();
    }
    if (!keywords.has("enum")) {
      return null;
    }
    List<JsonNode> values = keywords.list("enum");
    if (values.size() > MAX_VALUES) {
      throw Keywords.refused(
          keywords.pointerOf("enum"),
          "has %s values, expected at most %s".formatted(values.size(), MAX_VALUES));
    }
    return values;
  }

  private static Clause.Numbers numbers(Keywords keywords) {
    BigDecimal multipleOf = keywords.number("multipleOf");
    if (multipleOf != null && multipleOf.signum() <= 0) {
      throw Keywords.refused(keywords.pointerOf("multipleOf"), "expected a number above 0");
    }
    return new Clause.Numbers(
        bound(keywords, "minimum", "exclusiveMinimum", 1),
        bound(keywords, "maximum", "exclusiveMaximum", -1),
        multipleOf);
  }

  /**
   * @param inward 1 if the greater of two bounds is stricter, -1 if the smaller is
   */
  private static @Nullable Bound bound(
      Keywords keywords, String inclusive, String exclusive, int inward) {
    boolean flag = keywords.get(exclusive).isBoolean();
    BigDecimal closed = keywords.number(inclusive);
    BigDecimal open = flag ? null : keywords.number(exclusive);
    if (open != null && (closed == null || open.compareTo(closed) * inward >= 0)) {
      return new Bound(open, true);
    }
    boolean strict = flag && keywords.flag(exclusive);
    return closed == null ? null : new Bound(closed, strict);
  }

  private static Clause.Strings strings(Keywords keywords) {
    List<Shape> shapes = new ArrayList<>();
    String pattern = keywords.text("pattern");
    if (pattern != null) {
      shapes.add(new Shape(pattern, false, false));
    }
    String format = keywords.text("format");
    if (format != null && Formats.isDefined(format)) {
      if (!Formats.isKnown(format)) {
        throw Keywords.refused(
            keywords.pointerOf("format"), "the format %s is not supported".formatted(format));
      }
      shapes.add(new Shape(format, true, false));
    }
    return new Clause.Strings(
        keywords.count("minLength", 0), keywords.count("maxLength", Clause.UNBOUNDED), shapes);
  }

  /**
   * Returns the assertions on arrays. Before draft 2020-12 an array in {@code items} meant the same
   * as {@code prefixItems} now.
   */
  private Clause.Arrays arrays(Keywords keywords) {
    boolean tuple = keywords.get("items").isArray();
    String first = tuple ? "items" : "prefixItems";
    String rest = tuple ? "additionalItems" : "items";
    return new Clause.Arrays(
        keywords.count("minItems", 0),
        keywords.count("maxItems", Clause.UNBOUNDED),
        keywords.flag("uniqueItems"),
        schemas.subschemas(keywords, first),
        schemas.subschema(keywords, rest));
  }

  private Clause.Objects objects(Keywords keywords, boolean applied) {
    return new Clause.Objects(
        keywords.count("minProperties", 0),
        keywords.count("maxProperties", Clause.UNBOUNDED),
        keywords.texts("required"),
        members(keywords, "properties"),
        members(keywords, "patternProperties"),
        additional(keywords, applied),
        schemas.subschema(keywords, "propertyNames"));
  }

  /**
   * Returns the formula of additional members. Without other schemas for the same value, the
   * unevaluated members are those that are not named.
   */
  private Formula additional(Keywords keywords, boolean applied) {
    String keyword = "unevaluatedProperties";
    if (!keywords.has(keyword) || keywords.has("additionalProperties")) {
      return schemas.subschema(keywords, "additionalProperties");
    }
    if (applied) {
      throw Keywords.refused(
          keywords.pointerOf(keyword), keyword + " is not supported beside other schemas");
    }
    return schemas.subschema(keywords, keyword);
  }

  private Map<String, Formula> members(Keywords keywords, String keyword) {
    Map<String, Formula> members = new LinkedHashMap<>();
    for (String name : keywords.names(keyword)) {
      String pointer = Keywords.pointer(keywords.pointerOf(keyword), name);
      members.put(name, schemas.formula(keywords.get(keyword).get(name), pointer));
    }
    return members;
  }
}
