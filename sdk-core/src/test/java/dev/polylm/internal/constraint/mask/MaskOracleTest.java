package dev.polylm.internal.constraint.mask;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLmException;
import dev.polylm.internal.constraint.grammar.Gbnf;
import dev.polylm.internal.constraint.grammar.Grammar;
import dev.polylm.internal.constraint.grammar.NaiveStates;
import dev.polylm.internal.constraint.grammar.Program;
import dev.polylm.internal.constraint.grammar.Rule;
import dev.polylm.internal.constraint.schema.SchemaCompiler;
import dev.polylm.internal.constraint.term.Budget;
import dev.polylm.internal.constraint.term.RegexReader;
import dev.polylm.internal.constraint.term.Spelling;
import dev.polylm.internal.constraint.term.Terms;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Masks against each id's bytes, tried one by one by an acceptor that is written apart. */
final class MaskOracleTest {
  private static final int STEPS = 6;

  private static final List<String> PATTERNS =
      List.of(
          "[a-z ]{3,40}",
          "(?:ab|a|é|日本)*c?",
          ".*",
          "(?!the)[a-z]+(?: [a-z]+)*",
          "[^a]{2,5}|a+",
          " ?a b",
          "\\p{Lu}\\p{Ll}*",
          "(?=.*[0-9])[a-z0-9]{4,6}",
          "(?:\\S+\\s+){0,2}\\S+",
          "[^<>]{2,9}(?:<[^>]*>)?",
          "(?:\\w+-)*[^0-9]+",
          "[a-zé-ÿ]+(?: [^A-Z]+|日.*)?");

  private static final List<String> GRAMMARS =
      List.of(
          """
          root ::= expr
          expr ::= term ("+" term | "-" term)*
          term ::= [0-9]+ | "(" expr ")"
          """,
          """
          root ::= "[" ws (item ("," ws item)*)? "]"
          item ::= root | "true" | "\\"" [a-z]{1,4} "\\""
          ws ::= " "?
          """);

  /** Constraints that are not refused; what the acceptor has found out serves every test. */
  private static final List<Case> CASES =
      readers().stream().map(MaskOracleTest::compiled).filter(Objects::nonNull).toList();

  private PieceVocabulary vocabulary;
  private RandomWalk walk;

  private record Case(Program program, NaiveStates naive) {}

  /** The states of two answers of each constraint, from the first id on. */
  @ParameterizedTest
  @CsvSource({"pieces, false", "pieces, true", "polylm-tiny, false", "polylm-tiny, true"})
  void masksAreWhatTheirIdsSay(String name, boolean legacy) {
    boolean tiny = name.equals("polylm-tiny");
    vocabulary = tiny ? PieceVocabulary.ofPolyLmTiny(legacy) : PieceVocabulary.load(legacy);
    ConstraintDecoder decoder = new ConstraintDecoder(vocabulary);
    walk = new RandomWalk(vocabulary, legacy ? 3 : 4);
    int compared = 0;
    for (Case one : CASES) {
      State begin = decoder.begin(one.program, PieceVocabulary.EOS);
      compared += compare(begin, one.naive) + compare(begin, one.naive);
    }
    assertThat(CASES).hasSizeGreaterThan(200);
    assertThat(compared).isGreaterThan(2_500);
  }

  private static List<Function<Grammar, Rule>> readers() {
    List<Function<Grammar, Rule>> readers = new ArrayList<>();
    for (JsonNode schema : Schemas.all()) {
      readers.add(grammar -> SchemaCompiler.compile(grammar, schema));
    }
    for (JsonNode schema : Schemas.ofSuite()) {
      readers.add(grammar -> SchemaCompiler.compile(grammar, schema));
    }
    PATTERNS.forEach(pattern -> readers.add(grammar -> regex(grammar, pattern)));
    GRAMMARS.forEach(text -> readers.add(grammar -> Gbnf.read(grammar, text)));
    return readers;
  }

  private static Rule regex(Grammar grammar, String pattern) {
    Rule start = grammar.rule("root");
    grammar.add(start, RegexReader.whole(Spelling.plain(grammar.terms()), pattern));
    return start;
  }

  /** Null if the constraint is refused, or has no text. */
  private static @Nullable Case compiled(Function<Grammar, Rule> reader) {
    Grammar grammar = new Grammar(new Terms(Budget.ofUse()));
    try {
      Rule start = reader.apply(grammar);
      return grammar.seal(start)
          ? new Case(new Program("", grammar, start, List.of()), new NaiveStates(start))
          : null;
    } catch (PolyLmException e) {
      return null;
    }
  }

  /** Returns how many states were compared. */
  private int compare(State begin, NaiveStates naive) {
    State state = begin;
    int place = naive.start();
    List<Integer> ids = new ArrayList<>();
    while (ids.size() < STEPS) {
      assertThat(allowed(state)).as("after " + ids).isEqualTo(brute(naive, place, ids));
      int id = walk.draw(state.mask());
      if (id < 0) {
        return ids.size() + 1;
      }
      place = naive.after(place, bytes(ids, id));
      state = state.after(id);
      ids.add(id);
    }
    return ids.size();
  }

  private BitSet allowed(State state) {
    float[] logits = new float[vocabulary.size()];
    state.mask().apply(logits);
    BitSet allowed = new BitSet();
    IntStream.range(0, logits.length).filter(id -> logits[id] == 0).forEach(allowed::set);
    return allowed;
  }

  private BitSet brute(NaiveStates naive, int from, List<Integer> before) {
    BitSet allowed = new BitSet();
    for (int id = 0; id < vocabulary.size(); id++) {
      if (vocabulary.isText(id)) {
        byte[] bytes = bytes(before, id);
        boolean oneBoundary = before.isEmpty() && vocabulary.bytes(id).length == 1;
        boolean mayCome = bytes.length > 0 || oneBoundary;
        allowed.set(id, mayCome && naive.after(from, bytes) != NaiveStates.NONE);
      }
    }
    allowed.set(PieceVocabulary.EOS, naive.mayEnd(from));
    return allowed;
  }

  /** What an id adds behind others. */
  private byte[] bytes(List<Integer> before, int id) {
    if (before.isEmpty()) {
      return vocabulary.firstBytes(id);
    }
    boolean written = before.size() > 1 || vocabulary.firstBytes(before.get(0)).length > 0;
    return written ? vocabulary.bytes(id) : vocabulary.leadingBytes(id);
  }
}
