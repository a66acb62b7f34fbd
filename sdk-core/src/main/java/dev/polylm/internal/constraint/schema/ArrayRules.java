package dev.polylm.internal.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.internal.constraint.grammar.Grammar;
import dev.polylm.internal.constraint.grammar.Rule;
import dev.polylm.internal.constraint.term.Symbol;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Makes the rules of arrays: one rule for each number of items so far that makes a difference. */
final class ArrayRules {
  private static final int MAX_COUNTED = 10_000;
  private static final int MAX_UNIQUE = 10;

  private final Grammar grammar;
  private final JsonTerms json;
  private final SchemaCompiler compiler;

  ArrayRules(Grammar grammar, JsonTerms json, SchemaCompiler compiler) {
    this.grammar = grammar;
    this.json = json;
    this.compiler = compiler;
  }

  /** Adds the arrays that are valid to a rule. */
  void add(Rule rule, Conjunction all) {
    int min = all.min(clause -> clause.arrays().minItems());
    int max = all.max(clause -> clause.arrays().maxItems());
    if (max >= 0 && min > max) {
      return;
    }
    int prefix = all.min(clause -> clause.arrays().prefix().size());
    boolean unique = all.clauses().stream().anyMatch(clause -> clause.arrays().unique());
    if (unique && (max < 0 || max > 1)) {
      addUnique(rule, all, prefix, min, max);
    } else {
      addCounted(rule, all, prefix, min, max);
    }
  }

  private static List<Formula> item(Conjunction all, int index) {
    List<Formula> formulas = new ArrayList<>();
    all.clauses().forEach(clause -> formulas.add(clause.arrays().item(index)));
    return formulas;
  }

  private void addCounted(Rule rule, Conjunction all, int prefix, int min, int max) {
    int counted = Math.max(prefix, Math.max(min, max));
    if (max >= 0) {
      counted = max;
    }
    if (counted > MAX_COUNTED) {
      throw Keywords.refused(
          all.pointer(),
          String.format(Locale.ROOT, "arrays of over %,d items can't be counted", MAX_COUNTED));
    }
    Rule next = null;
    if (max < 0) {
      next = grammar.rule(rule.name());
      grammar.add(next, json.closeArray);
      grammar.add(next, json.comma, compiler.rule(item(all, prefix)), next);
    }
    for (int count = counted; count >= 0; count--) {
      next = after(rule, all, count, count >= min, next);
    }
    if (next != null) {
      grammar.add(rule, json.openArray, next);
    }
  }

  /** Returns the rule for the text after so many items. The given rule is for one item more. */
  private Rule after(Rule rule, Conjunction all, int count, boolean mayClose, @Nullable Rule more) {
    Rule after = grammar.rule(rule.name());
    if (mayClose) {
      grammar.add(after, json.closeArray);
    }
    if (more != null) {
      Symbol item = compiler.rule(item(all, count));
      if (count == 0) {
        grammar.add(after, item, more);
      } else {
        grammar.add(after, json.comma, item, more);
      }
    }
    return after;
  }

  /** Adds the rules if the items can only be a few values: one rule for each set of used values. */
  private void addUnique(Rule rule, Conjunction all, int prefix, int min, int max) {
    List<JsonNode> values = prefix > 0 ? List.of() : compiler.values(item(all, 0));
    if (values.isEmpty() || values.size() > MAX_UNIQUE) {
      throw Keywords.refused(
          all.pointer() + "/uniqueItems",
          "uniqueItems is supported only for arrays of up to 1 item, or items of up to %s values"
              .formatted(MAX_UNIQUE));
    }
    int sets = 1 << values.size();
    List<Rule> rules = new ArrayList<>();
    for (int used = 0; used < sets; used++) {
      rules.add(grammar.rule(rule.name()));
    }
    for (int used = 0; used < sets; used++) {
      int count = Integer.bitCount(used);
      if (count >= min) {
        grammar.add(rules.get(used), json.closeArray);
      }
      for (int i = 0; i < values.size() && (max < 0 || count < max); i++) {
        int with = used | 1 << i;
        if (with != used) {
          Symbol value = json.values(List.of(values.get(i)));
          if (count == 0) {
            grammar.add(rules.get(used), value, rules.get(with));
          } else {
            grammar.add(rules.get(used), json.comma, value, rules.get(with));
          }
        }
      }
    }
    grammar.add(rule, json.openArray, rules.get(0));
  }
}
