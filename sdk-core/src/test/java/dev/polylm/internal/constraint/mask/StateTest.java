package dev.polylm.internal.constraint.mask;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import dev.polylm.constraint.Constraint;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class StateTest {
  private static final String ORDER =
      """
      {"type": "object", "properties": {"order": {"type": "integer"}, "orderId": {"type": "null"}},
       "required": ["order"], "additionalProperties": false}\
      """;

  private final PieceVocabulary vocabulary = PieceVocabulary.load(false);
  private final ConstraintDecoder decoder = new ConstraintDecoder(vocabulary);

  private State after(Constraint constraint, String... pieces) {
    State state = decoder.begin(constraint, PieceVocabulary.EOS);
    for (String piece : pieces) {
      state = state.after(vocabulary.id(piece));
    }
    return state;
  }

  @Test
  void theFirstBoundaryOfAnAnswerIsNotWritten() {
    State state = decoder.begin(Constraint.choice(List.of("true")), PieceVocabulary.EOS);
    assertThat(state.allows(vocabulary.id("\u2581true"))).isTrue();
    assertThat(state.allows(vocabulary.id("true"))).isTrue();
    assertThat(state.allows(vocabulary.id("\u2581"))).isTrue();
    assertThat(state.allows(PieceVocabulary.EOS)).isFalse();
    State later = state.after(vocabulary.id("\u2581"));
    assertThat(later.allows(vocabulary.id("\u2581true"))).isFalse();
    assertThat(later.allows(vocabulary.id("\u2581"))).isFalse();
    assertThat(later.after(vocabulary.id("true")).mustEnd()).isTrue();
  }

  @Test
  void aSecondBoundaryIsNotWrittenBySentencePiece() {
    PieceVocabulary legacy = PieceVocabulary.load(true);
    State state =
        new ConstraintDecoder(legacy).begin(Constraint.regex("x| x"), PieceVocabulary.EOS);
    State twice = state.after(legacy.id("\u2581\u2581x"));
    assertThat(twice.mustEnd()).isTrue();
    State byTwo = state.after(legacy.id("\u2581")).after(legacy.id("\u2581\u2581x"));
    assertThat(byTwo.mustEnd()).isTrue();
    assertThat(state.after(legacy.id("\u2581")).mask().allows(legacy.id("\u2581"))).isFalse();
  }

  @Test
  void bytePiecesAndTextPiecesMayBothCome() {
    State state = decoder.begin(Constraint.choice(List.of("a")), PieceVocabulary.EOS);
    int byteId = vocabulary.id("a");
    assertThat(state.mask().allows(byteId)).isTrue();
    assertThat(state.mask().allows(PieceVocabulary.idOfByte((byte) 'a'))).isTrue();
  }

  @Test
  void endsWhereTheTextIsComplete() {
    State state = decoder.begin(Constraint.regex("ab?"), PieceVocabulary.EOS);
    assertThat(state.mayEnd()).isFalse();
    State a = state.after(vocabulary.id("a"));
    assertThat(a.mayEnd()).isTrue();
    assertThat(a.mustEnd()).isFalse();
    State ab = a.after(vocabulary.id("b"));
    assertThat(ab.mustEnd()).isTrue();
    assertThat(ab.mask().allows(PieceVocabulary.EOS)).isTrue();
    assertThat(ab.mask().isEmpty()).isFalse();
  }

  @Test
  void forcedTextEndsWhereThereIsAChoice() {
    State key = after(Constraint.jsonSchema(ORDER), "{\"");
    assertThat(key.forcedText()).isEqualTo("order\":");
    assertThat(after(Constraint.jsonSchema(ORDER), "{\"", "or").forcedText()).isEqualTo("der\":");
    assertThat(decoder.begin(Constraint.json(), PieceVocabulary.EOS).forcedText()).isEmpty();
    StringBuilder text = new StringBuilder();
    for (int id : key.forcedIds(20)) {
      assertThat(key.allows(id)).isTrue();
      key = key.after(id);
      text.append(new String(vocabulary.bytes(id), UTF_8));
    }
    assertThat(text.toString()).isEqualTo("order\":");
  }

  @Test
  void forcedTextHoldsWholeCharacters() {
    State state = decoder.begin(Constraint.choice(List.of("日本", "日曜")), PieceVocabulary.EOS);
    assertThat(state.forcedText()).isEqualTo("日");
    assertThat(state.forcedIds(1)).hasSize(1);
  }

  @Test
  void statesAreForkedByReference() {
    State state = after(Constraint.regex("(?:ab|ac)+"), "a");
    State b = state.after(vocabulary.id("b"));
    State c = state.after(vocabulary.id("c"));
    assertThat(b.mayEnd()).isTrue();
    assertThat(c.mayEnd()).isTrue();
    assertThat(state.mayEnd()).isFalse();
    assertThat(state.allows(vocabulary.id("b"))).isTrue();
  }

  @Test
  void refusesIdsThatCannotFollow() {
    State state = decoder.begin(Constraint.regex("[0-9]{3}"), PieceVocabulary.EOS);
    assertThatThrownBy(() -> state.after(vocabulary.id("a")))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("id %d can't follow under the constraint regex [0-9]{3}", vocabulary.id("a"));
    for (int id : new int[] {-1, 0, 1, PieceVocabulary.EOS, vocabulary.size()}) {
      assertThat(state.allows(id)).isFalse();
      assertThat(state.mask().allows(id)).isFalse();
      assertThatThrownBy(() -> state.after(id)).isInstanceOf(PolyLmException.class);
    }
  }

  @Test
  void logitsBeyondTheVocabularyAreForbidden() {
    float[] logits = new float[vocabulary.size() + 100];
    decoder.begin(Constraint.regex("[\\s\\S]*"), PieceVocabulary.EOS).mask().apply(logits);
    for (int id = vocabulary.size(); id < logits.length; id++) {
      assertThat(logits[id]).isEqualTo(Float.NEGATIVE_INFINITY);
    }
    assertThat(logits[vocabulary.id("a")]).isZero();
    assertThat(logits[0]).isEqualTo(Float.NEGATIVE_INFINITY);
  }

  /** Each array in another is a configuration of its own, so the tables fill and are given up. */
  @Test
  void goesOnWhenItsTablesAreGivenUp() {
    Constraint nested = Constraint.json();
    State state = decoder.begin(nested, PieceVocabulary.EOS);
    int open = vocabulary.id("[[");
    for (int i = 0; i < 1_000; i++) {
      state = state.after(open);
      assertThat(state.mask().allows(open)).isTrue();
    }
    int close = vocabulary.id("]");
    for (int i = 0; i < 2_000; i++) {
      assertThat(state.mayEnd()).isFalse();
      state = state.after(close);
    }
    assertThat(state.mustEnd()).isTrue();
  }

  @Test
  void threadsShareAConstraint() throws Exception {
    Constraint constraint = Constraint.json();
    List<Integer> alone = walk(constraint, new ConstraintDecoder(vocabulary));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<List<Integer>>> walks = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      walks.add(threads.submit(() -> walk(constraint, decoder)));
    }
    for (Future<List<Integer>> walk : walks) {
      assertThat(walk.get()).isEqualTo(alone);
    }
    threads.shutdown();
  }

  private List<Integer> walk(Constraint constraint, ConstraintDecoder decoder) {
    Random random = new Random(9);
    State state = decoder.begin(constraint, PieceVocabulary.EOS);
    List<Integer> ids = new ArrayList<>();
    while (ids.size() < 60 && !state.mustEnd()) {
      Mask mask = state.mask();
      int id = random.nextInt(vocabulary.size());
      while (id == PieceVocabulary.EOS || !mask.allows(id)) {
        id = (id + 1) % vocabulary.size();
      }
      state = state.after(id);
      ids.add(id);
    }
    return ids;
  }

  private static List<Constraint> nestedArrays(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> Constraint.jsonSchema("{\"items\":{\"$ref\":\"#\"},\"maximum\":%d}".formatted(i)))
        .toList();
  }

  /** No answer begins while they grow. */
  @Test
  void whatIsKeptForLaterAnswersIsBounded() {
    ConstraintDecoder small = new ConstraintDecoder(vocabulary, 4 << 20);
    List<State> states = new ArrayList<>();
    for (Constraint constraint : nestedArrays(15)) {
      states.add(small.begin(constraint, PieceVocabulary.EOS));
    }
    int open = vocabulary.id("[[");
    for (int i = 0; i < 40; i++) {
      states.replaceAll(state -> state.after(open));
      states.forEach(State::mask);
    }
    long held = states.stream().mapToLong(state -> state.tables().sizeInBytes()).sum();
    assertThat(held).isGreaterThan(4L << 20);
    assertThat(small.keptBytes()).isBetween(1L << 20, 4L << 20);
    int close = vocabulary.id("]");
    State at = states.get(0);
    for (int i = 0; i < 80; i++) {
      assertThat(at.mayEnd()).isFalse();
      at = at.after(close);
    }
    assertThat(at.mustEnd()).isTrue();
  }

  /** Each of them is larger than what is kept, so each took the place of the other at every id. */
  @Test
  void answersKeepTheirTablesBesideOneAnother() {
    List<State> states = new ArrayList<>();
    for (String first : List.of("a", "b")) {
      List<String> options = new ArrayList<>();
      for (int i = 0; i < 9_000; i++) {
        options.add(first + "%012d x %s".formatted(i * 7_919, first.repeat(12)));
      }
      State state = decoder.begin(Constraint.choice(options), PieceVocabulary.EOS);
      state.mask();
      states.add(state.after(PieceVocabulary.idOfByte((byte) first.charAt(0))));
    }
    List<Masker> before = states.stream().map(State::tables).toList();
    for (int i = 0; i < 3; i++) {
      states.replaceAll(state -> state.after(PieceVocabulary.idOfByte((byte) '0')));
      states.forEach(State::mask);
    }
    assertThat(states.stream().map(State::tables)).isEqualTo(before);
  }
}
