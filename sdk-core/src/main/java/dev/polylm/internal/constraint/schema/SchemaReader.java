package dev.polylm.internal.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.polylm.internal.constraint.schema.Formula.All;
import dev.polylm.internal.constraint.schema.Formula.Any;
import dev.polylm.internal.constraint.schema.Formula.One;
import dev.polylm.internal.constraint.schema.Formula.Reference;
import dev.polylm.internal.constraint.term.Budget;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads schemas as formulas, each place once. References are followed when they are needed. */
final class SchemaReader {
  private static final int MAX_DEPTH = 128;
  private static final List<String> REFUSED =
      List.of("contains", "$dynamicRef", "$recursiveRef", "unevaluatedItems");
  private static final List<String> APPLICATORS =
      List.of("$ref", "allOf", "anyOf", "oneOf", "not", "if", "dependentSchemas", "dependencies");

  private final JsonNode root;
  private final Budget budget;
  private final ClauseReader clauses = new ClauseReader(this);
  private final Negation negation;
  private final Map<String, Formula> read = new HashMap<>();
  private final Map<String, Reference> references = new HashMap<>();
  private int depth;

  SchemaReader(JsonNode root, Budget budget) {
    this.root = root;
    this.budget = budget;
    this.negation = new Negation(this);
    Dialect.check(root);
  }

  Formula root() {
    return formula(root, "#");
  }

  Negation negation() {
    return negation;
  }

  /** Returns the formula of a reference's target. */
  Formula target(Reference reference) {
    Formula formula = formula(at(reference.pointer), reference.pointer);
    return reference.negated ? negation.of(formula) : formula;
  }

  Reference reference(String pointer, boolean negated) {
    return references.computeIfAbsent(
        (negated ? "!" : "") + pointer, key -> new Reference(pointer, negated));
  }

  Formula formula(JsonNode schema, String pointer) {
    Formula known = read.get(pointer);
    if (known != null) {
      return known;
    }
    budget.step();
    if (++depth > MAX_DEPTH) {
      throw Keywords.refused(pointer, "schemas are over %s deep".formatted(MAX_DEPTH));
    }
    Formula formula = readFormula(schema, pointer);
    depth--;
    read.put(pointer, formula);
    return formula;
  }

  private Formula readFormula(JsonNode schema, String pointer) {
    if (schema.isBoolean()) {
      return schema.booleanValue() ? Formula.TRUE : Formula.FALSE;
    }
    if (!schema.isObject()) {
      throw Keywords.refused(pointer, "a schema is an object, true or false");
    }
    Keywords keywords = new Keywords(schema, pointer);
    for (String keyword : REFUSED) {
      if (keywords.has(keyword)) {
        throw Keywords.refused(
            keywords.pointerOf(keyword), keyword + " is not supported by constraints");
      }
    }
    List<Formula> parts = new ArrayList<>();
    addWhole(keywords, parts);
    Formula own = clauses.read(keywords, hasApplicators(keywords));
    if (own != Formula.TRUE) {
      parts.add(own);
    }
    addChoices(keywords, parts);
    return parts.isEmpty() ? Formula.TRUE : parts.size() == 1 ? parts.get(0) : new All(parts);
  }

  private static boolean hasApplicators(Keywords keywords) {
    return APPLICATORS.stream().anyMatch(keywords::has);
  }

  /**
   * Adds the assertions of a whole schema. The schemas that it builds on come first, and so do
   * their members.
   */
  private void addWhole(Keywords keywords, List<Formula> parts) {
    String ref = keywords.text("$ref");
    if (ref != null) {
      parts.add(reference(resolved(ref, keywords), false));
    }
    parts.addAll(subschemas(keywords, "allOf"));
  }

  private void addChoices(Keywords keywords, List<Formula> parts) {
    if (keywords.has("anyOf")) {
      parts.add(new Any(subschemas(keywords, "anyOf")));
    }
    if (keywords.has("oneOf")) {
      parts.add(new One(subschemas(keywords, "oneOf"), keywords.pointerOf("oneOf")));
    }
    if (keywords.has("not")) {
      parts.add(negation.of(subschema(keywords, "not")));
    }
    if (keywords.has("if")) {
      parts.add(conditional(keywords));
    }
    addDependencies(keywords, parts);
  }

  private Formula conditional(Keywords keywords) {
    Formula condition = subschema(keywords, "if");
    return new Any(
        List.of(
            new All(List.of(condition, subschema(keywords, "then"))),
            new All(List.of(negation.of(condition), subschema(keywords, "else")))));
  }

  private void addDependencies(Keywords keywords, List<Formula> parts) {
    for (String keyword : List.of("dependencies", "dependentRequired", "dependentSchemas")) {
      for (String name : keywords.names(keyword)) {
        JsonNode wanted = keywords.get(keyword).get(name);
        String pointer = Keywords.pointer(keywords.pointerOf(keyword), name);
        Formula then =
            wanted.isArray()
                ? ClauseReader.requiring(
                    pointer,
                    new Keywords(keywords.get(keyword), keywords.pointerOf(keyword)).texts(name))
                : formula(wanted, pointer);
        parts.add(
            new Any(
                List.of(
                    ClauseReader.without(pointer, name),
                    new All(List.of(ClauseReader.requiring(pointer, Set.of(name)), then)))));
      }
    }
  }

  /** Returns the schema that a keyword holds, true if it is absent. */
  Formula subschema(Keywords keywords, String keyword) {
    return keywords.has(keyword)
        ? formula(keywords.get(keyword), keywords.pointerOf(keyword))
        : Formula.TRUE;
  }

  /** Returns the schemas that a keyword lists. */
  List<Formula> subschemas(Keywords keywords, String keyword) {
    List<Formula> formulas = new ArrayList<>();
    for (JsonNode schema : keywords.list(keyword)) {
      String pointer = keywords.pointerOf(keyword) + "/" + formulas.size();
      formulas.add(formula(schema, pointer));
    }
    return formulas;
  }

  private String resolved(String ref, Keywords keywords) {
    String id = root.path("$id").asText("");
    String fragment = !id.isEmpty() && ref.startsWith(id) ? ref.substring(id.length()) : ref;
    boolean local = fragment.isEmpty() || fragment.equals("#") || fragment.startsWith("#/");
    if (!local || ref.isEmpty()) {
      throw Keywords.refused(
          keywords.pointerOf("$ref"),
          "$ref can only refer to #/.. in the same schema, found " + ref);
    }
    refuseWithinOtherResource(keywords);
    String pointer = decoded(fragment.isEmpty() ? "#" : fragment);
    if (at(pointer).isMissingNode()) {
      throw Keywords.refused(keywords.pointerOf("$ref"), "there is no " + ref);
    }
    return pointer;
  }

  private static String decoded(String fragment) {
    try {
      return URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return fragment;
    }
  }

  /**
   * Refuses a pointer into a schema with its own {@code $id}, because pointers there start from
   * that schema.
   */
  private void refuseWithinOtherResource(Keywords keywords) {
    JsonNode node = root;
    for (String token : tokens(keywords.pointer())) {
      node = child(node, token);
      boolean other = node.path("$id").isTextual() && !node.path("$id").asText().startsWith("#");
      if (other) {
        throw Keywords.refused(
            keywords.pointerOf("$ref"), "$ref is not supported in a schema with its own $id");
      }
    }
  }

  private JsonNode at(String pointer) {
    JsonNode node = root;
    for (String token : tokens(pointer)) {
      node = child(node, token);
    }
    return node;
  }

  private static List<String> tokens(String pointer) {
    if (!pointer.startsWith("#/")) {
      return List.of();
    }
    List<String> tokens = new ArrayList<>();
    for (String token : pointer.substring(2).split("/", -1)) {
      tokens.add(token.replace("~1", "/").replace("~0", "~"));
    }
    return tokens;
  }

  private static JsonNode child(JsonNode node, String token) {
    if (!node.isArray()) {
      return node.path(token);
    }
    boolean index = token.matches("0|[1-9][0-9]{0,8}");
    return index ? node.path(Integer.parseInt(token)) : MissingNode.getInstance();
  }
}
