package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.constraint.AnswerType;
import dev.polylm.constraint.Constraint;
import dev.polylm.constraint.UnfinishedAnswerException;
import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.prompt.ChatMessage;
import dev.polylm.scoring.Choice;
import dev.polylm.scoring.Score;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Choices and Java objects as answers, on a real model. */
final class AnswersTest {
  private static final String ASK =
      "Beijing is the capital of China.\nTranslate this sentence from English to German.";
  private static final List<String> CITIES =
      List.of("\nRom ist schön.", "\nPeking ist die Hauptstadt von China.", "\nPeking", "\nYes");

  enum Place {
    PEKING,
    ROM
  }

  record Fact(String city, Place place, List<Integer> years) {}

  private static PolyLm polyLm;

  @BeforeAll
  static void open() {
    polyLm = PolyLm.openEmbedded();
  }

  @AfterAll
  static void close() {
    polyLm.close();
  }

  private static GenerationRequest request(int limit) {
    return GenerationRequest.ofPrompt(ASK + "\n")
        .withConfig(GenerationConfig.builder().maxNewTokens(limit).build());
  }

  @Test
  void chooseGivesTheLogLikelihoodOfEachOption() {
    Choice choice = polyLm.choose(ASK, CITIES);
    for (int i = 0; i < CITIES.size(); i++) {
      Score alone = polyLm.score(ASK, CITIES.get(i));
      assertThat(choice.scores().get(i).sum()).isCloseTo(alone.sum(), within(1e-4));
    }
    assertThat(choice.best()).isEqualTo("\nPeking");
    assertThat(choice.probabilities()[choice.bestIndex()]).isGreaterThan(0.5);
    assertThat(Arrays.stream(choice.probabilities()).sum()).isCloseTo(1, within(1e-9));
    assertThatThrownBy(() -> polyLm.choose(ASK, List.of())).isInstanceOf(PolyLmException.class);
  }

  @Test
  void chooseTakesOptionsOfAnyKindOrNamesTheWrongOne() {
    List<ChatMessage> messages = List.of(ChatMessage.user(ASK));
    List<String> nested = List.of("Peking", "Peking ist", "Peking ist die", "Peking");
    for (Choice choice :
        List.of(
            polyLm.choose(messages, nested),
            polyLm.choose(ASK, nested.stream().map(text -> "\n" + text).toList()))) {
      assertThat(choice.scores().get(3).sum())
          .isCloseTo(choice.scores().get(0).sum(), within(1e-5));
      assertThat(choice.scores().get(1).sum()).isLessThan(choice.scores().get(0).sum());
      assertThat(choice.scores().get(2).sum()).isLessThan(choice.scores().get(1).sum());
      assertThat(choice.best()).endsWith("Peking");
      assertThat(Arrays.stream(choice.probabilities()).sum()).isCloseTo(1, within(1e-9));
    }
    assertThat(polyLm.choose(ASK, List.of("\nRom")).probabilities()).containsExactly(1);
    List<String> empty = List.of("\nRom", "", "\nPeking");
    assertThatThrownBy(() -> polyLm.choose(ASK, empty))
        .isInstanceOf(PolyLmException.class)
        .hasMessageEndingWith("the continuation 0; each needs at least one (continuation 2 of 3)");
    assertThatThrownBy(() -> polyLm.choose(messages, empty))
        .hasMessageEndingWith("the continuation 0; each needs at least one (continuation 2 of 3)");
    List<String> tooLong = List.of("\nRom", " Rom".repeat(3_000));
    assertThatThrownBy(() -> polyLm.choose(ASK, tooLong))
        .isInstanceOf(PolyLmException.class)
        .hasMessageEndingWith(
            "expected at most 8192: 512 ids can't hold more (continuation 2 of 2)");
    assertThatThrownBy(() -> polyLm.choose(messages, tooLong))
        .hasMessageEndingWith(
            "expected at most 8192: 512 ids can't hold more (continuation 2 of 2)");
    for (List<String> none : List.of(List.<String>of(), Arrays.asList("a", null))) {
      assertThatThrownBy(() -> polyLm.choose(messages, none)).isInstanceOf(RuntimeException.class);
    }
    assertThatThrownBy(() -> polyLm.choose(messages, List.of()))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            "a choice has 0 options and 0 scores, expected a score for each of one or more");
  }

  @Test
  void chooseOfMessagesScoresTheReplyAfterItsLineBreak() {
    List<String> replies = CITIES.stream().map(text -> text.substring(1)).toList();
    Choice choice = polyLm.choose(List.of(ChatMessage.user(ASK)), replies);
    int[] context = polyLm.tokenizer().encodePrompt(ASK + "\n", false);
    for (int i = 0; i < replies.size(); i++) {
      int[] whole = polyLm.tokenizer().encodePrompt(ASK + "\n" + replies.get(i), false);
      int[] rest = Arrays.copyOfRange(whole, context.length, whole.length);
      assertThat(choice.scores().get(i).sum())
          .isCloseTo(polyLm.score(context, rest).sum(), within(1e-4));
    }
    assertThat(choice.best()).isEqualTo("Peking");
  }

  @Test
  void queryGivesAnObject() {
    Fact fact = polyLm.query(request(200), AnswerType.of(Fact.class).completeAtLimit(true));
    assertThat(fact.place()).isIn(Place.PEKING, Place.ROM);
    assertThat(fact.years()).isNotNull();
    assertThat(polyLm.query(ASK, Place.class)).isEqualTo(Place.PEKING);
    assertThat(polyLm.query(List.of(ChatMessage.user(ASK)), boolean.class)).isNotNull();
  }

  @Test
  void anUnfinishedAnswerHasItsText() {
    assertThatThrownBy(() -> polyLm.query(request(9), AnswerType.of(Fact.class)))
        .isInstanceOfSatisfying(
            UnfinishedAnswerException.class,
            e -> assertThat(e.text().replaceAll("\\s", "")).startsWith("{\""))
        .hasMessageContaining("LENGTH after 9 tokens");
  }

  @Test
  void anAnswerIsCompletedAtEveryLimit() throws Exception {
    AnswerType<Fact> type = AnswerType.of(Fact.class).completeAtLimit(true);
    int completed = 0;
    for (int limit = 30; limit < 90; limit += 15) {
      for (int seed = 0; seed < 2; seed++) {
        GenerationConfig config =
            GenerationConfig.builder().maxNewTokens(limit).doSample(true).seed(seed).build();
        GeneratedSequence answer =
            polyLm
                .generate(request(limit).withConfig(config).withConstraint(type.constraint()))
                .sequences()
                .get(0);
        assertThat(answer.ids()).hasSizeLessThanOrEqualTo(limit);
        assertThat(type.read(answer.text())).isNotNull();
        assertThat(answer.text()).isEqualTo(polyLm.tokenizer().decode(answer.ids()));
        completed += answer.finishReason() == FinishReason.LENGTH ? 1 : 0;
      }
    }
    assertThat(completed).isPositive();
    assertThat(new ObjectMapper().readTree(type.schema().toString())).isNotNull();
  }

  @Test
  void aCompletionThatCantBeIsRefused() {
    Constraint long5 = Constraint.regex("[a-z]{50}[0-9]").completeAtLimit(true);
    assertThatThrownBy(() -> polyLm.generate(request(4).withConstraint(long5)))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining("its shortest answer has")
        .hasMessageEndingWith("the limit is 4 new tokens");
    GenerationConfig beams = GenerationConfig.builder().numBeams(2).build();
    assertThatThrownBy(() -> polyLm.generate(request(9).withConfig(beams).withConstraint(long5)))
        .hasMessageContaining("works only without beams");
    assertThatThrownBy(
            () -> polyLm.query(request(9).withConstraint(long5), AnswerType.of(int.class)))
        .hasMessageStartingWith("the request has the constraint regex [a-z]{50}[0-9]");
  }

  @Test
  void aFormThatMayEndIsNotOverrun() {
    Constraint optional = Constraint.regex("a(?:bcdefghijklmnopqrstuvwxyz)?").completeAtLimit(true);
    for (int limit = 1; limit < 12; limit++) {
      assertThat(polyLm.generate(request(limit).withConstraint(optional)).text())
          .isIn("a", "abcdefghijklmnopqrstuvwxyz");
    }
  }
}
