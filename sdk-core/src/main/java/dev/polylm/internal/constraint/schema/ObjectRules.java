package dev.polylm.internal.constraint.schema;

import dev.polylm.internal.constraint.grammar.Grammar;
import dev.polylm.internal.constraint.grammar.Rule;
import dev.polylm.internal.constraint.term.Symbol;
import dev.polylm.internal.constraint.term.Term;
import dev.polylm.internal.constraint.term.Terms;
import dev.polylm.internal.constraint.term.Words;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes the rules of objects. Named members come in the schema's order, each present or absent,
 * followed by other members. There is one rule for each place in that order and each count that
 * makes a difference.
 */
final class ObjectRules {
  private static final int MAX_PATTERNS = 6;
  private static final int MAX_STATES = 20_000;

  private final Grammar grammar;
  private final Terms terms;
  private final JsonTerms json;
  private final Strings strings;
  private final SchemaCompiler compiler;

  ObjectRules(Grammar grammar, JsonTerms json, Strings strings, SchemaCompiler compiler) {
    this.grammar = grammar;
    this.terms = grammar.terms();
    this.json = json;
    this.strings = strings;
    this.compiler = compiler;
  }

  /** A member that may come: its name and colon, and its value. */
  private record Member(Term name, Symbol value, boolean required) {}

  /**
   * The least and greatest number of members, and the limit of counting. Of further members only
   * the first counts toward the least number, because two of them may have the same name.
   */
  private record Counts(int min, int max, int upTo) {}

  /** Adds the objects that are valid to a rule. */
  void add(Rule rule, Conjunction all) {
    Term allowedNames = names(all);
    List<Member> named = new ArrayList<>();
    Set<String> required = all.required();
    for (String name : all.names()) {
      List<Formula> value = strings.member(all, name);
      boolean possible = !value.contains(Formula.FALSE) && strings.matches(allowedNames, name);
      if (possible) {
        named.add(new Member(json.name(name), compiler.rule(value), required.contains(name)));
      } else if (required.contains(name)) {
        return;
      }
    }
    List<Member> further = further(all, allowedNames);
    Counts counts = counts(all, named, !further.isEmpty());
    if (counts.max < 0 || counts.min <= counts.max) {
      grammar.add(rule, json.openObject, chain(rule, named, further, counts));
    }
  }

  /** Returns the names that members may have. */
  private Term names(Conjunction all) {
    List<Formula> formulas =
        all.clauses().stream()
            .map(clause -> clause.objects().names())
            .filter(formula -> formula != Formula.TRUE)
            .toList();
    return formulas.isEmpty() ? strings.spelling().anyText() : compiler.strings(formulas);
  }

  /**
   * Returns the members that no clause names: one for each set of patterns that a name may match.
   */
  private List<Member> further(Conjunction all, Term allowedNames) {
    List<String> patterns = new ArrayList<>(all.patterns());
    if (patterns.size() > MAX_PATTERNS) {
      throw Keywords.refused(
          all.pointer() + "/patternProperties",
          "expected at most %s patterns that hold together".formatted(MAX_PATTERNS));
    }
    List<byte[]> known = all.names().stream().map(strings.spelling()::bytes).toList();
    Term free =
        known.isEmpty()
            ? allowedNames
            : terms.both(allowedNames, terms.not(Words.any(terms, known)));
    List<Member> members = new ArrayList<>();
    for (int set = 0; set < 1 << patterns.size(); set++) {
      Set<String> having = having(patterns, set);
      List<Formula> value = further(all, having);
      Term names = value.contains(Formula.FALSE) ? Terms.EMPTY : names(all, free, patterns, having);
      if (!strings.isEmpty(names)) {
        Term name = terms.concat(json.quoted(names), json.colon);
        members.add(new Member(name, compiler.rule(value), false));
      }
    }
    return members;
  }

  private static Set<String> having(List<String> patterns, int set) {
    Set<String> having = new HashSet<>();
    for (int i = 0; i < patterns.size(); i++) {
      if ((set >> i & 1) != 0) {
        having.add(patterns.get(i));
      }
    }
    return having;
  }

  private Term names(Conjunction all, Term free, List<String> patterns, Set<String> having) {
    List<Term> parts = new ArrayList<>(List.of(free));
    for (String pattern : patterns) {
      Term term = strings.pattern(pattern, all.pointer() + "/patternProperties");
      parts.add(having.contains(pattern) ? term : terms.not(term));
    }
    return terms.both(parts);
  }

  private static List<Formula> further(Conjunction all, Set<String> having) {
    List<Formula> formulas = new ArrayList<>();
    for (Clause clause : all.clauses()) {
      Clause.Objects objects = clause.objects();
      List<Formula> own =
          objects.patterns().keySet().stream()
              .filter(having::contains)
              .map(objects.patterns()::get)
              .toList();
      formulas.addAll(own.isEmpty() ? List.of(objects.additional()) : own);
    }
    return formulas;
  }

  private static Counts counts(Conjunction all, List<Member> named, boolean furtherAllowed) {
    int min = all.min(clause -> clause.objects().minProperties());
    int max = all.max(clause -> clause.objects().maxProperties());
    int required = (int) named.stream().filter(Member::required).count();
    int most = named.size() + (furtherAllowed ? 1 : 0);
    if (min > most && furtherAllowed) {
      throw Keywords.refused(
          all.pointer() + "/minProperties",
          "only one member without a fixed name can be counted, since names may repeat");
    }
    if (min > most) {
      return new Counts(Integer.MAX_VALUE, 0, 0);
    }
    int least = min > required ? min : 0;
    boolean reached = furtherAllowed || named.size() > max;
    int limit = max >= 0 && reached ? max : Clause.UNBOUNDED;
    int upTo = Math.max(1, Math.max(least, limit));
    if ((long) (named.size() + 2) * (upTo + 1) > MAX_STATES) {
      throw Keywords.refused(
          all.pointer(), "minProperties and maxProperties of so many members can't be counted");
    }
    return new Counts(least, limit, upTo);
  }

  /**
   * Fills a table of rules: [place in the order of names][members so far, counted up to a limit].
   * The place of further members is after the last name.
   */
  private Rule chain(Rule rule, List<Member> named, List<Member> further, Counts counts) {
    int last = named.size();
    Rule[][] table = new Rule[last + 2][counts.upTo + 1];
    for (Rule[] row : table) {
      for (int count = 0; count < row.length; count++) {
        row[count] = grammar.rule(rule.name());
      }
    }
    for (int count = 0; count <= counts.upTo; count++) {
      int next = Math.min(count + 1, counts.upTo);
      boolean full = counts.max >= 0 && count >= counts.max;
      for (int place = 0; place < last; place++) {
        addNamed(table[place][count], count, named.get(place), full, table[place + 1], next);
      }
      List<Member> more = full ? List.of() : further;
      addEnd(
          table[last][count], count, next < counts.min ? List.of() : more, table[last + 1][next]);
      if (count >= counts.min) {
        grammar.add(table[last][count], json.closeObject);
      }
      Rule again = table[last + 1][counts.max >= 0 ? next : count];
      addEnd(table[last + 1][count], count, more, again);
      grammar.add(table[last + 1][count], json.closeObject);
    }
    return table[0][0];
  }

  private void addNamed(
      Rule here, int count, Member member, boolean full, Rule[] nextPlace, int nextCount) {
    if (!full) {
      add(here, count, member, nextPlace[nextCount]);
    }
    if (!member.required) {
      grammar.add(here, nextPlace[count]);
    }
  }

  private void addEnd(Rule here, int count, List<Member> further, Rule next) {
    for (Member member : further) {
      add(here, count, member, next);
    }
  }

  private void add(Rule here, int before, Member member, Rule next) {
    Term name = before == 0 ? member.name : terms.concat(json.comma, member.name);
    grammar.add(here, name, member.value, next);
  }
}
