package dev.polylm.internal.constraint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLmException;
import dev.polylm.internal.constraint.grammar.Gbnf;
import dev.polylm.internal.constraint.grammar.Grammar;
import dev.polylm.internal.constraint.grammar.Program;
import dev.polylm.internal.constraint.grammar.Rule;
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
import java.util.function.Function;

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
    return compile(
        shown("choice", options.toString()),
        terms -> {
          Spelling spelling = Spelling.plain(terms);
          List<byte[]> words = new ArrayList<>();
          options.forEach(option -> words.add(spelling.bytes(option)));
          return Words.any(terms, words);
        });
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
    return CACHE.get("schema " + schema, () -> jsonSchema(SchemaText.parse(schema)));
  }

  /** Compiles a JSON Schema. */
  public static Program jsonSchema(JsonNode schema) {
    SchemaText.check(schema);
    return compileGrammar("jsonSchema", grammar -> SchemaCompiler.compile(grammar, schema));
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
    return compileGrammar(
        description,
        grammar -> {
          Rule start = grammar.rule("root");
          grammar.add(start, reader.apply(grammar.terms()));
          return start;
        });
  }

  private static Program compileGrammar(String description, Function<Grammar, Rule> reader) {
    Grammar grammar = new Grammar(new Terms(new Budget()));
    Rule start = reader.apply(grammar);
    if (!grammar.seal(start)) {
      throw new PolyLmException("no answer can satisfy the constraint " + description);
    }
    return new Program(description, grammar, start);
  }
}
