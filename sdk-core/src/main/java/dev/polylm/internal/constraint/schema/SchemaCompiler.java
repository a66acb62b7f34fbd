package dev.polylm.internal.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLmException;
import dev.polylm.internal.constraint.grammar.Grammar;
import dev.polylm.internal.constraint.grammar.Rule;
import dev.polylm.internal.constraint.term.Symbol;
import dev.polylm.internal.constraint.term.Term;
import dev.polylm.internal.constraint.term.Terms;
import dev.polylm.internal.constraint.term.Words;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes the rules of a schema. A rule is for all formulas that a value must satisfy. It is made
 * when it is first needed and filled later, so a recursive schema ends.
 */
public final class SchemaCompiler {
  private final Grammar grammar;
  private final Terms terms;
  private final SchemaReader schemas;
  private final Strings strings;
  private final Expansion expansion;
  private final Validator validator;
  private final JsonTerms json;
  private final NumberTerms numbers;
  private final ArrayRules arrays;
  private final ObjectRules objects;

  private final IdentityHashMap<Formula, Integer> numbering = new IdentityHashMap<>();
  private final Map<List<Integer>, Rule> rules = new HashMap<>();
  private final Deque<Open> open = new ArrayDeque<>();

  /** A rule still to be filled. */
  private record Open(Rule rule, List<Formula> formulas) {}

  private SchemaCompiler(Grammar grammar, JsonNode schema) {
    this.grammar = grammar;
    this.terms = grammar.terms();
    this.schemas = new SchemaReader(schema, terms.budget());
    this.strings = new Strings(terms);
    this.expansion = new Expansion(schemas, strings, terms.budget());
    this.validator = new Validator(schemas, strings);
    this.json = new JsonTerms(terms, strings.spelling());
    this.numbers = new NumberTerms(terms);
    this.arrays = new ArrayRules(grammar, json, this);
    this.objects = new ObjectRules(grammar, json, strings, this);
  }

  /**
   * Fills the grammar with the JSON texts that are valid, and returns its start.
   *
   * @throws PolyLmException if something can't be enforced; the message has its pointer and keyword
   */
  public static Rule compile(Grammar grammar, JsonNode schema) {
    return new SchemaCompiler(grammar, schema).compile();
  }

  private Rule compile() {
    Rule start = rule(List.of(schemas.root()));
    while (!open.isEmpty()) {
      Open next = open.remove();
      for (Conjunction alternative : expansion.of(next.formulas)) {
        fill(next.rule, alternative);
      }
    }
    return start;
  }

  /** Returns the rule of the values that satisfy all of the formulas. */
  Rule rule(List<Formula> formulas) {
    Set<Integer> numbers = new TreeSet<>();
    List<Formula> distinct = new ArrayList<>();
    for (Formula formula : formulas) {
      int number = numbering.computeIfAbsent(formula, f -> numbering.size());
      if (formula != Formula.TRUE && numbers.add(number)) {
        distinct.add(formula);
      }
    }
    Rule known = rules.get(List.copyOf(numbers));
    if (known == null) {
      known = grammar.rule("value");
      rules.put(List.copyOf(numbers), known);
      open.add(new Open(known, distinct));
    }
    return known;
  }

  /** Returns the strings that satisfy all of the formulas, without their quotes. */
  Term strings(List<Formula> formulas) {
    List<Term> alternatives = new ArrayList<>();
    for (Conjunction alternative : expansion.of(formulas)) {
      if (alternative.types().contains(JsonType.STRING)) {
        alternatives.add(strings(alternative));
      }
    }
    return terms.either(alternatives);
  }

  private Term strings(Conjunction conjunction) {
    Term term = strings.term(conjunction);
    List<JsonNode> allowed = conjunction.allowed();
    if (allowed == null) {
      return term;
    }
    List<byte[]> words = new ArrayList<>();
    for (JsonNode value : allowed) {
      if (value.isTextual() && validator.isValid(conjunction, value)) {
        words.add(strings.spelling().bytes(value.textValue()));
      }
    }
    return Words.any(terms, words);
  }

  /** Returns the values that satisfy all of the formulas if the schema lists them, else none. */
  List<JsonNode> values(List<Formula> formulas) {
    Map<Object, JsonNode> values = new LinkedHashMap<>();
    for (Conjunction alternative : expansion.of(formulas)) {
      List<JsonNode> allowed = alternative.allowed();
      if (allowed == null) {
        return List.of();
      }
      for (JsonNode value : allowed) {
        if (validator.isValid(alternative, value)) {
          values.putIfAbsent(JsonValues.key(value), value);
        }
      }
    }
    return List.copyOf(values.values());
  }

  private void fill(Rule rule, Conjunction alternative) {
    List<JsonNode> allowed = alternative.allowed();
    if (allowed != null) {
      List<JsonNode> valid =
          allowed.stream().filter(value -> validator.isValid(alternative, value)).toList();
      grammar.add(rule, json.values(valid));
      return;
    }
    Set<JsonType> types = alternative.types();
    refuseExcludedContainers(alternative, types);
    addLiterals(rule, alternative, types);
    Set<JsonType> numeric = EnumSet.copyOf(types);
    numeric.retainAll(JsonType.NUMBERS);
    if (!numeric.isEmpty()) {
      grammar.add(rule, numbers.of(alternative, numeric));
    }
    if (types.contains(JsonType.STRING)) {
      grammar.add(rule, json.quoted(strings.term(alternative)));
    }
    if (types.contains(JsonType.ARRAY)) {
      arrays.add(rule, alternative);
    }
    if (types.contains(JsonType.OBJECT)) {
      objects.add(rule, alternative);
    }
  }

  private static void refuseExcludedContainers(Conjunction alternative, Set<JsonType> types) {
    for (JsonNode value : alternative.excluded()) {
      if (value.isContainerNode() && types.contains(JsonType.of(value))) {
        throw Keywords.refused(alternative.pointer(), "not can't exclude a single array or object");
      }
    }
  }

  private void addLiterals(Rule rule, Conjunction alternative, Set<JsonType> types) {
    List<Symbol> literals = new ArrayList<>();
    List<JsonNode> excluded = alternative.excluded();
    if (types.contains(JsonType.NULL) && excluded.stream().noneMatch(JsonNode::isNull)) {
      literals.add(terms.literal("null"));
    }
    if (types.contains(JsonType.BOOLEAN)) {
      for (boolean value : new boolean[] {true, false}) {
        if (excluded.stream().noneMatch(v -> v.isBoolean() && v.booleanValue() == value)) {
          literals.add(terms.literal(Boolean.toString(value)));
        }
      }
    }
    literals.forEach(literal -> grammar.add(rule, literal));
  }
}
