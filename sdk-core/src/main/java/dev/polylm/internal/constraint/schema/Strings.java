package dev.polylm.internal.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLmException;
import dev.polylm.internal.constraint.schema.Clause.Shape;
import dev.polylm.internal.constraint.term.Derivatives;
import dev.polylm.internal.constraint.term.Emptiness;
import dev.polylm.internal.constraint.term.RegexReader;
import dev.polylm.internal.constraint.term.Spelling;
import dev.polylm.internal.constraint.term.Term;
import dev.polylm.internal.constraint.term.Terms;
import dev.polylm.internal.constraint.term.Words;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Makes terms for strings without their quotes, and finds what depends on members' names. */
final class Strings {
  private final Terms terms;
  private final Spelling spelling;
  private final Derivatives derivatives;
  private final Emptiness emptiness;
  private final IdentityHashMap<Clause, Term> ofClauses = new IdentityHashMap<>();
  private final Map<String, Term> patterns = new HashMap<>();
  private final Map<String, Term> formats = new HashMap<>();

  Strings(Terms terms) {
    this.terms = terms;
    this.spelling = Spelling.json(terms);
    this.derivatives = new Derivatives(terms);
    this.emptiness = new Emptiness(derivatives);
  }

  Spelling spelling() {
    return spelling;
  }

  boolean isEmpty(Term term) {
    return emptiness.isEmpty(term);
  }

  /** Returns true if no string is valid. */
  boolean isEmpty(Conjunction conjunction) {
    return isEmpty(term(conjunction));
  }

  /** Returns the strings that are valid. */
  Term term(Conjunction conjunction) {
    int min = conjunction.min(clause -> clause.strings().minLength());
    int max = conjunction.max(clause -> clause.strings().maxLength());
    if (max >= 0 && min > max) {
      return Terms.EMPTY;
    }
    List<Term> all = new ArrayList<>();
    for (Clause clause : conjunction.clauses()) {
      for (Shape shape : clause.strings().shapes()) {
        all.add(term(shape, clause.pointer()));
      }
    }
    List<byte[]> excluded = new ArrayList<>();
    for (JsonNode value : conjunction.excluded()) {
      if (value.isTextual()) {
        excluded.add(spelling.bytes(value.textValue()));
      }
    }
    if (!excluded.isEmpty()) {
      all.add(terms.not(Words.any(terms, excluded)));
    }
    boolean free = all.stream().allMatch(term -> term.kind() == Term.Kind.COMPLEMENT);
    if (free || min > 0 || max >= 0) {
      all.add(terms.repeat(spelling.any(), min, max));
    }
    return terms.both(all);
  }

  private Term term(Shape shape, String pointer) {
    Term term =
        shape.isFormat()
            ? formats.computeIfAbsent(shape.source(), this::format)
            : pattern(shape.source(), Keywords.pointer(pointer, "pattern"));
    return shape.negated() ? terms.both(spelling.anyText(), terms.not(term)) : term;
  }

  private Term format(String name) {
    return RegexReader.whole(spelling, Formats.pattern(name).orElseThrow());
  }

  /** Returns the strings in which a pattern is found. */
  Term pattern(String pattern, String pointer) {
    Term known = patterns.get(pattern);
    if (known == null) {
      try {
        known = RegexReader.search(spelling, pattern);
      } catch (PolyLmException e) {
        throw new PolyLmException("schema, %s: %s".formatted(pointer, e.getMessage()), e);
      }
      patterns.put(pattern, known);
    }
    return known;
  }

  boolean matches(Term term, String text) {
    return derivatives.matches(term, spelling.bytes(text));
  }

  boolean matchesPattern(String pattern, String pointer, String text) {
    return matches(pattern(pattern, pointer), text);
  }

  /** Returns whether a string is valid for the clause's own assertions on strings. */
  boolean isValid(Clause clause, String text) {
    Term term = ofClauses.get(clause);
    if (term == null) {
      term = term(Conjunction.of(clause));
      ofClauses.put(clause, term);
    }
    return matches(term, text);
  }

  /** Returns the formulas of the member of a name, if it is present. */
  List<Formula> member(Conjunction conjunction, String name) {
    List<Formula> formulas = new ArrayList<>();
    for (Clause clause : conjunction.clauses()) {
      formulas.addAll(member(clause, name));
    }
    return formulas;
  }

  List<Formula> member(Clause clause, String name) {
    List<Formula> formulas = new ArrayList<>();
    Formula own = clause.objects().properties().get(name);
    if (own != null) {
      formulas.add(own);
    }
    String pointer = Keywords.pointer(clause.pointer(), "patternProperties");
    clause
        .objects()
        .patterns()
        .forEach(
            (pattern, formula) -> {
              if (matchesPattern(pattern, pointer, name)) {
                formulas.add(formula);
              }
            });
    return formulas.isEmpty() ? List.of(clause.objects().additional()) : formulas;
  }
}
