package dev.polylm.integration;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.PolyLm;
import dev.polylm.constraint.Constraint;
import dev.polylm.internal.constraint.mask.State;
import dev.polylm.internal.search.Constraints;
import dev.polylm.tokenizer.StreamingDecoder;
import dev.polylm.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Masks over polylm-tiny's vocabulary against brute force: every id is tried by decoding it after
 * the ids so far. Whether a text can still become one of the constraint's is asked of
 * java.util.regex, or of the options themselves.
 */
final class ConstraintMaskTest {
  private static final int CONSTRAINTS = Integer.getInteger("polylm.masks.constraints", 24);
  private static final int STATES = Integer.getInteger("polylm.masks.states", 4);

  private static final List<String> WORDS =
      List.of("the", " of", "Rom", "北京", "Straße", " ", "\n", "a", "été", "0", "(x)", "Київ", "😀");

  /** ASCII only, so that no part of a character can begin a match. */
  private static final List<String> PARTS =
      List.of(
          "[a-z]+",
          " ?[A-Z][a-z]{0,9}",
          "[0-9]{1,3}",
          "(?:ab|a|bc)*",
          "\\{\"[a-z ]*\"\\}",
          ", ",
          "(?: [a-z]+){0,3}",
          "[ -~]",
          "x?",
          "(?:yes|no|yesterday)",
          "\\n?",
          "[.!?]{1,2}");

  /** A constraint, and its own view of which bytes begin and which are a text of it. */
  private record Case(Constraint constraint, Predicate<byte[]> begins, Predicate<byte[]> whole) {}

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void masksAreWhatTheDecoderSays(boolean legacy) {
    Random random = new Random(legacy ? 7 : 8);
    int compared = 0;
    try (PolyLm polyLm = PolyLm.openEmbedded()) {
      Tokenizer tokenizer = polyLm.tokenizer().withLegacy(legacy);
      Constraints constraints = new Constraints(tokenizer);
      for (int i = 0; i < CONSTRAINTS; i++) {
        Case one = i % 3 == 0 ? choice(random) : pattern(random);
        State state = constraints.begin(one.constraint, List.of(tokenizer.eosTokenId()));
        compared += walk(one, state, tokenizer, random);
      }
    }
    assertThat(compared).isGreaterThan(CONSTRAINTS * STATES / 3);
  }

  private static Case choice(Random random) {
    List<String> options = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      StringBuilder option = new StringBuilder();
      IntStream.range(0, 1 + random.nextInt(4))
          .forEach(word -> option.append(WORDS.get(random.nextInt(WORDS.size()))));
      options.add(option.toString());
    }
    List<byte[]> texts = options.stream().map(option -> option.getBytes(UTF_8)).toList();
    return new Case(
        Constraint.choice(options),
        text -> texts.stream().anyMatch(t -> startsWith(t, text)),
        text -> texts.stream().anyMatch(t -> Arrays.equals(t, text)));
  }

  private static boolean startsWith(byte[] text, byte[] begin) {
    return begin.length <= text.length
        && Arrays.equals(text, 0, begin.length, begin, 0, begin.length);
  }

  private static Case pattern(Random random) {
    StringBuilder joined = new StringBuilder();
    IntStream.range(0, 2 + random.nextInt(3))
        .forEach(part -> joined.append(PARTS.get(random.nextInt(PARTS.size()))));
    Pattern compiled = Pattern.compile(joined.toString());
    return new Case(
        Constraint.regex(joined.toString()),
        text -> {
          Matcher matcher = compiled.matcher(new String(text, UTF_8));
          return matcher.matches() || matcher.hitEnd();
        },
        text -> compiled.matcher(new String(text, UTF_8)).matches());
  }

  private static int walk(Case one, State begin, Tokenizer tokenizer, Random random) {
    State state = begin;
    List<Integer> ids = new ArrayList<>();
    int compared = 0;
    while (compared < STATES) {
      BitSet allowed = allowed(state, tokenizer);
      assertThat(allowed)
          .as(one.constraint + " after " + ids)
          .isEqualTo(brute(one, ids, tokenizer));
      compared++;
      allowed.clear(tokenizer.eosTokenId());
      if (allowed.isEmpty()) {
        return compared;
      }
      int[] choices = allowed.stream().toArray();
      int id = choices[random.nextInt(choices.length)];
      state = state.after(id);
      ids.add(id);
    }
    return compared;
  }

  private static BitSet allowed(State state, Tokenizer tokenizer) {
    float[] logits = new float[tokenizer.vocabSize()];
    state.mask().apply(logits);
    BitSet allowed = new BitSet();
    IntStream.range(0, logits.length).filter(id -> logits[id] == 0).forEach(allowed::set);
    return allowed;
  }

  private static BitSet brute(Case one, List<Integer> before, Tokenizer tokenizer) {
    byte[] text = bytes(before, tokenizer);
    Map<String, Boolean> known = new HashMap<>();
    BitSet allowed = new BitSet();
    for (int id = 0; id < tokenizer.vocabSize(); id++) {
      if (id != tokenizer.unkTokenId() && tokenizer.bytes(id).length > 0) {
        List<Integer> more = new ArrayList<>(before);
        more.add(id);
        byte[] longer = bytes(more, tokenizer);
        boolean boundary = before.isEmpty() && tokenizer.pieces(new int[] {id}).contains("\u2581");
        boolean mayCome = longer.length > text.length || boundary;
        String key = new String(longer, ISO_8859_1);
        allowed.set(id, mayCome && known.computeIfAbsent(key, k -> one.begins.test(longer)));
      }
    }
    allowed.set(tokenizer.eosTokenId(), one.whole.test(text));
    return allowed;
  }

  /** The bytes of ids: those of byte pieces as they are, all others as the decoder writes them. */
  private static byte[] bytes(List<Integer> ids, Tokenizer tokenizer) {
    StreamingDecoder decoder = tokenizer.streamingDecoder();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int id : ids) {
      String written = decoder.accept(id);
      boolean isByte = tokenizer.pieces(new int[] {id}).get(0).matches("<0x[0-9A-F]{2}>");
      bytes.writeBytes(isByte ? tokenizer.bytes(id) : written.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }
}
