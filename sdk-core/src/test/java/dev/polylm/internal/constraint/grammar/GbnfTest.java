package dev.polylm.internal.constraint.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import dev.polylm.constraint.Constraint;
import dev.polylm.internal.constraint.mask.Acceptance;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GbnfTest {
  /** As llama.cpp's grammars/README.md writes a game of chess, and its arithmetic. */
  @Test
  void readsWhatLlamaCppReads() {
    Constraint chess =
        Constraint.grammar(
            """
            # Chess moves
            root ::= (
                # it must start with the characters "1. " followed by a sequence
                "1. " move " " move "\\n"
                ([1-9] [0-9]? ". " move " " move "\\n")+
            )
            move ::= (pawn | nonpawn | castle) [+#]?
            pawn ::= ([a-h] "x")? [a-h] [1-8] ("=" [NBKQR])?
            nonpawn ::= [NBKQR] [a-h]? [1-8]? "x"? [a-h] [1-8]
            castle ::= "O-O" "-O"?
            """);
    assertThat(Acceptance.accepts(chess, "1. e4 e5\n2. Nf3 Nc6\n3. O-O axb4+\n")).isTrue();
    assertThat(Acceptance.accepts(chess, "1. e4 e5\n")).isFalse();
    assertThat(Acceptance.accepts(chess, "1. e9 e5\n2. e4 e5\n")).isFalse();
  }

  @Test
  void rulesThatGoBackNestToAnyDepth() {
    Constraint nested =
        Constraint.grammar(
            "root ::= list\nlist ::= \"(\" (list (\",\" list){0,2})? \")\" | [^(),\\n]{1,3}\n");
    for (String text : List.of("a", "()", "((a,b,c),(()))", "(".repeat(500) + ")".repeat(500))) {
      assertThat(Acceptance.accepts(nested, text)).as(text).isTrue();
    }
    for (String text : List.of("", "abcd", "(a,b,c,d)", "((a)", "(a))")) {
      assertThat(Acceptance.accepts(nested, text)).as(text).isFalse();
    }
  }

  @Test
  void escapesAndClassesAreCharacters() {
    Constraint grammar =
        Constraint.grammar("root ::= \"\\x41\\u00e9\\U0001F642\\\"\" [\\]a-c\\-] [^x] . \"\"");
    assertThat(Acceptance.accepts(grammar, "A\u00e9\uD83D\uDE42\"]日\n")).isTrue();
    assertThat(Acceptance.accepts(grammar, "A\u00e9\uD83D\uDE42\"]x\n")).isFalse();
  }

  @Test
  void emptyAlternativesAndCountsAreKept() {
    Constraint grammar =
        Constraint.grammar("root ::= a{2,} | | \"z\"\na ::= \"x\" | \"(\" root \")\"");
    for (String text : List.of("", "z", "xx", "x(xx)", "()()", "(z)x")) {
      assertThat(Acceptance.accepts(grammar, text)).as(text).isTrue();
    }
    for (String text : List.of("x", "zz", "(x)x")) {
      assertThat(Acceptance.accepts(grammar, text)).as(text).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "root ::= root \"a\" | \"b\"; the rule root may begin with itself",
        "root ::= x \"c\"|x ::= y x \"a\" | \"b\"|y ::= \"\" | \"(\" x \")\"; the rule x may begin"
            + " with itself",
        "a ::= \"b\"; grammar: expected a rule of the name root, found [a]",
        "root ::= other; grammar: the rule root uses the rule other, which does not exist",
        "root ::= \"a; grammar, line 1: a \" has its \"",
        "root ::= (\"a\"; grammar, line 1: a ( has its )",
        "root ::= [a; grammar, line 1: a [ has its ]",
        "root ::= \"a\"|root ::= \"b\"; grammar, line 2: the rule root occurs twice",
        "root = \"a\"; grammar, line 1: a rule has its name, then ::=",
        "root ::= \"a\"{3,1}; grammar, line 1: a repetition of 3 to 1 times has no text",
        "root ::= \"a\" ); grammar, line 1: a rule ends with its line",
        "root ::= \"(\" root \")\"; no answer can satisfy the constraint grammar"
      })
  void refusesByRuleAndLine(String text, String message) {
    String grammar = text.replace("|root", "\nroot").replace("|x ", "\nx ").replace("|y ", "\ny ");
    assertThatThrownBy(() -> Constraint.grammar(grammar))
        .isInstanceOf(PolyLmException.class)
        .message()
        .startsWith(message);
  }
}
