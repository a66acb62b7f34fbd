package dev.polylm.internal.constraint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLmException;
import dev.polylm.internal.constraint.grammar.Gbnf;
import dev.polylm.internal.constraint.grammar.Grammar;
import dev.polylm.internal.constraint.grammar.Program;
import dev.polylm.internal.constraint.grammar.Rule;
import dev.polylm.internal.constraint.schema.EndlessSchema;
import dev.polylm.internal.constraint.schema.SchemaCompiler;
import dev.polylm.internal.constraint.schema.SchemaText;
import dev.polylm.internal.constraint.term.Budget;
import dev.polylm.internal.constraint.term.RegexReader;
import dev.polylm.internal.constraint.term.Spelling;
import dev.polylm.internal.constraint.term.Term;
import dev.polylm.internal.constraint.term.Terms;
import dev.polylm.internal.constraint.term.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Compiles constraints. A text that was compiled recently is not compiled again. */
public final class ConstraintCompiler {
  private static final int MAX_GRAMMAR_LENGTH = 1_000_000;
  private static final int SHOWN = 60;
  private static final ProgramCache CACHE = new ProgramCache();

  private ConstraintCompiler() {}

  /** Compiles a choice of texts. */
  public static Program choice(List<String> options) {
    if (options.isEmpty()) {
      throw new PolyLmException("a choice needs at least one option, found none");
    }
    return CACHE.get(
        "choice " + key(options),
        () ->
            compile(
                shown("choice", options.toString()),
                terms -> anyOf(Spelling.plain(terms), options)));
  }

  /** Returns a text that differs from that of other lists. */
  private static String key(List<String> texts) {
    return texts.stream().map(text -> text.length() + ":" + text).collect(Collectors.joining());
  }

  private static Term anyOf(Spelling spelling, List<String> texts) {
    List<byte[]> words = new ArrayList<>();
    texts.forEach(text -> words.add(spelling.bytes(text)));
    return Words.any(spelling.terms(), words);
  }

  /** Compiles phrases that must occur, each with its alternatives. */
  public static Program containing(List<? extends List<String>> phrases) {
    List<List<String>> copy = new ArrayList<>();
    for (List<String> alternatives : phrases) {
      if (alternatives.isEmpty() || alternatives.contains("")) {
        throw new PolyLmException(
            "each phrase needs at least one alternative, and text in each; found %s"
                .formatted(phrases));
      }
      if (copy.stream().noneMatch(known -> Set.copyOf(known).equals(Set.copyOf(alternatives)))) {
        copy.add(List.copyOf(alternatives)); // one place in the answer is enough for both
      }
    }
    if (copy.isEmpty()) {
      throw new PolyLmException("containing needs at least one phrase, found none");
    }
    String key = copy.stream().map(texts -> key(texts) + ";").collect(Collectors.joining());
    return CACHE.get(
        "containing " + key,
        () ->
            compileGrammar(
                shown("containing", copy.toString()),
                grammar -> only(grammar, containing(grammar.terms(), copy)),
                copy,
                () -> ""));
  }

  private static Term containing(Terms terms, List<List<String>> phrases) {
    Spelling spelling = Spelling.plain(terms);
    Term any = spelling.anyText();
    List<Term> all = new ArrayList<>();
    phrases.forEach(texts -> all.add(terms.concat(any, anyOf(spelling, texts), any)));
    return terms.both(all);
  }

  /** Compiles a regular expression that the whole answer must match. */
  public static Program regex(String pattern) {
    return CACHE.get(
        "regex " + pattern,
        () ->
            compile(
                shown("regex", pattern),
                terms -> RegexReader.whole(Spelling.plain(terms), pattern)));
  }

  /** Compiles a JSON Schema. */
  public static Program jsonSchema(String schema) {
    return CACHE.get(
        "schema " + schema,
        () -> {
          JsonNode parsed = SchemaText.parse(schema);
          SchemaText.check(parsed);
          return compileSchema(parsed);
        });
  }

  /** Compiles a JSON Schema. */
  public static Program jsonSchema(JsonNode schema) {
    SchemaText.check(schema);
    return CACHE.get("schema " + schema, () -> compileSchema(schema));
  }

  private static Program compileSchema(JsonNode schema) {
    return compileGrammar(
        "jsonSchema",
        grammar -> SchemaCompiler.compile(grammar, schema),
        List.of(),
        () -> EndlessSchema.reason(schema));
  }

  /** Compiles a grammar in GBNF. */
  public static Program grammar(String text) {
    if (text.length() > MAX_GRAMMAR_LENGTH) {
      throw new PolyLmException(
          "a grammar has %s characters, expected at most %s"
              .formatted(text.length(), MAX_GRAMMAR_LENGTH));
    }
    return CACHE.get(
        "grammar " + text, () -> compileGrammar("grammar", grammar -> Gbnf.read(grammar, text)));
  }

  /**
   * Compiles rules that another package makes.
   *
   * @param key tells these rules from others
   * @param description the constraint in words, for messages
   * @param reader fills a grammar, and returns its start
   */
  public static Program rules(String key, String description, Function<Grammar, Rule> reader) {
    return CACHE.get(key, () -> compileGrammar(description, reader));
  }

  private static String shown(String kind, String text) {
    String cut = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    return kind + " " + cut;
  }

  private static Program compile(String description, Function<Terms, Term> reader) {
    return compileGrammar(description, grammar -> only(grammar, reader.apply(grammar.terms())));
  }

  private static Rule only(Grammar grammar, Term term) {
    Rule start = grammar.rule("root");
    grammar.add(start, term);
    return start;
  }

  private static Program compileGrammar(String description, Function<Grammar, Rule> reader) {
    return compileGrammar(description, reader, List.of(), () -> "");
  }

  /**
   * @param impossible says why no answer can satisfy the constraint, or nothing
   */
  private static Program compileGrammar(
      String description,
      Function<Grammar, Rule> reader,
      List<? extends List<String>> phrases,
      Supplier<String> impossible) {
    try (Budget budget = Budget.ofMaking()) {
      Grammar grammar = new Grammar(new Terms(budget));
      Rule start = reader.apply(grammar);
      if (!grammar.seal(start)) {
        String reason = impossible.get();
        throw new PolyLmException(
            "no answer can satisfy the constraint %s%s"
                .formatted(description, reason.isEmpty() ? "" : ": " + reason));
      }
      return new Program(description, grammar, start, phrases);
    }
  }
}
