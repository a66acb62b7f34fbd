package dev.polylm.internal.constraint.mask;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.internal.constraint.grammar.Gbnf;
import dev.polylm.internal.constraint.grammar.Grammar;
import dev.polylm.internal.constraint.grammar.NaiveAcceptor;
import dev.polylm.internal.constraint.grammar.Program;
import dev.polylm.internal.constraint.grammar.Rule;
import dev.polylm.internal.constraint.schema.SchemaCompiler;
import dev.polylm.internal.constraint.term.Budget;
import dev.polylm.internal.constraint.term.RegexReader;
import dev.polylm.internal.constraint.term.Spelling;
import dev.polylm.internal.constraint.term.Terms;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Masks against each id's bytes, tried one by one by an acceptor that is written apart. */
final class MaskOracleTest {
  private static final int STEPS = 10;

  private static final List<String> PATTERNS =
      List.of(
          "[a-z ]{3,40}",
          "(?:ab|a|é|日本)*c?",
          ".*",
          "(?!the)[a-z]+(?: [a-z]+)*",
          "[^a]{2,5}|a+",
          " ?a b",
          "\\p{Lu}\\p{Ll}*",
          "(?=.*[0-9])[a-z0-9]{4,6}");

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

  private PieceVocabulary vocabulary;
  private ConstraintDecoder decoder;
  private RandomWalk walk;

  /** Each constraint's first state, and a few later ones of every second constraint. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void masksAreWhatTheirIdsSay(boolean legacy) {
    vocabulary = PieceVocabulary.load(legacy);
    decoder = new ConstraintDecoder(vocabulary);
    walk = new RandomWalk(vocabulary, legacy ? 3 : 4);
    int walked = legacy ? 1 : 0;
    int compared = 0;
    for (Function<Grammar, Rule> reader : readers()) {
      compared += compare(reader, walked++ % 2 == 0 ? STEPS : 1);
    }
    assertThat(compared).isGreaterThan(80);
  }

  private static List<Function<Grammar, Rule>> readers() {
    List<Function<Grammar, Rule>> readers = new ArrayList<>();
    for (JsonNode schema : Schemas.all()) {
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

  /** The first state, and about every fifth of a random answer. */
  private int compare(Function<Grammar, Rule> reader, int steps) {
    Grammar grammar = new Grammar(new Terms(new Budget()));
    Rule start = reader.apply(grammar);
    grammar.seal(start);
    State state = decoder.begin(new Program("", grammar, start, List.of()), PieceVocabulary.EOS);
    NaiveAcceptor naive = new NaiveAcceptor();
    Set<List<Object>> stacks = naive.begin(start);
    List<Integer> ids = new ArrayList<>();
    int compared = 0;
    for (int step = 0; step < steps; step++) {
      if (step == 0 || walk.chance(6)) {
        assertThat(allowed(state)).as("after " + ids).isEqualTo(brute(naive, stacks, ids));
        compared++;
      }
      int id = walk.draw(state.mask());
      if (id < 0) {
        return compared;
      }
      for (byte b : bytes(ids, id)) {
        stacks = naive.step(stacks, Byte.toUnsignedInt(b));
      }
      state = state.after(id);
      ids.add(id);
    }
    return compared;
  }

  private BitSet allowed(State state) {
    float[] logits = new float[vocabulary.size()];
    state.mask().apply(logits);
    BitSet allowed = new BitSet();
    IntStream.range(0, logits.length).filter(id -> logits[id] == 0).forEach(allowed::set);
    return allowed;
  }

  private BitSet brute(NaiveAcceptor naive, Set<List<Object>> from, List<Integer> before) {
    Map<String, Set<List<Object>>> reached = new HashMap<>();
    reached.put("", from);
    BitSet allowed = new BitSet();
    for (int id = 0; id < vocabulary.size(); id++) {
      if (vocabulary.isText(id)) {
        byte[] bytes = bytes(before, id);
        boolean oneBoundary = before.isEmpty() && vocabulary.bytes(id).length == 1;
        boolean mayCome = bytes.length > 0 || oneBoundary;
        allowed.set(id, mayCome && !reached(naive, reached, bytes).isEmpty());
      }
    }
    allowed.set(PieceVocabulary.EOS, naive.mayEnd(from));
    return allowed;
  }

  private static Set<List<Object>> reached(
      NaiveAcceptor naive, Map<String, Set<List<Object>>> reached, byte[] bytes) {
    String key = new String(bytes, StandardCharsets.ISO_8859_1);
    Set<List<Object>> known = reached.get(key);
    if (known == null) {
      int last = bytes.length - 1;
      Set<List<Object>> before = reached(naive, reached, Arrays.copyOf(bytes, last));
      known = before.isEmpty() ? before : naive.step(before, Byte.toUnsignedInt(bytes[last]));
      reached.put(key, known);
    }
    return known;
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
