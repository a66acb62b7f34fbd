package dev.polylm.internal.constraint.grammar;

import dev.polylm.internal.constraint.term.ShortestText;
import dev.polylm.internal.constraint.term.Symbol;
import dev.polylm.internal.constraint.term.Term;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the shortest text that completes a text of a grammar. Not thread-safe. */
final class Completion {
  private static final byte[] NOTHING = {};

  private final ShortestText texts;
  private final Map<Rule, byte[]> ofRules = new HashMap<>();

  Completion(Rule start, ShortestText texts) {
    this.texts = texts;
    findRules(start);
  }

  /** Returns the shortest text after which a text may end. */
  byte[] of(Configuration at) {
    byte @Nullable [] shortest = null;
    for (Stack stack : at.stacks) {
      byte[] text = NOTHING;
      for (Stack next = stack; next.top != null && next.rest != null; next = next.rest) {
        text = ShortestText.joined(text, Objects.requireNonNull(of(next.top)));
      }
      shortest = shortest == null || text.length < shortest.length ? text : shortest;
    }
    return shortest == null ? NOTHING : shortest;
  }

  /** Returns the shortest text of a symbol, or null for a rule that has none yet. */
  private byte @Nullable [] of(Symbol symbol) {
    return symbol instanceof Term term ? texts.of(term) : ofRules.get((Rule) symbol);
  }

  /** Finds the texts of all rules: repeatedly, because rules use one another. */
  private void findRules(Rule start) {
    Set<Rule> rules = new HashSet<>();
    addUsed(start, rules);
    boolean changed = true;
    while (changed) {
      changed = false;
      for (Rule rule : rules) {
        byte[] before = ofRules.get(rule);
        byte[] now = shortest(rule);
        if (now != null && (before == null || now.length < before.length)) {
          ofRules.put(rule, now);
          changed = true;
        }
      }
    }
  }

  private static void addUsed(Rule start, Set<Rule> rules) {
    List<Rule> open = new ArrayList<>(List.of(start));
    while (!open.isEmpty()) {
      Rule rule = open.remove(open.size() - 1);
      if (rules.add(rule)) {
        for (List<Symbol> alternative : rule.alternatives()) {
          for (Symbol symbol : alternative) {
            if (symbol instanceof Rule used) {
              open.add(used);
            }
          }
        }
      }
    }
  }

  private byte @Nullable [] shortest(Rule rule) {
    byte @Nullable [] shortest = null;
    for (List<Symbol> alternative : rule.alternatives()) {
      byte @Nullable [] text = joined(alternative);
      if (text != null && (shortest == null || text.length < shortest.length)) {
        shortest = text;
      }
    }
    return shortest;
  }

  private byte @Nullable [] joined(List<Symbol> symbols) {
    byte[] text = NOTHING;
    for (Symbol symbol : symbols) {
      byte @Nullable [] next = of(symbol);
      if (next == null) {
        return null;
      }
      text = ShortestText.joined(text, next);
    }
    return text;
  }
}
