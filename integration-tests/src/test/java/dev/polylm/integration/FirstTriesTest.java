package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationStream;
import dev.polylm.prompt.ChatMessage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a Java developer tries first. */
final class FirstTriesTest {
  private static final String TO_CHINESE =
      "Beijing is the capital of China.\nTranslate this sentence from English to Chinese.";
  private static final GenerationConfig THREE = GenerationConfig.builder().maxNewTokens(3).build();

  private static PolyLm polyLm;

  @BeforeAll
  static void open() {
    polyLm = PolyLm.openEmbedded();
  }

  @AfterAll
  static void close() {
    polyLm.close();
  }

  @Test
  void continuesTexts() {
    assertThat(polyLm.generate(TO_CHINESE)).isEqualTo("\n北京是中国的首都。");
    assertThat(polyLm.generate(TO_CHINESE, THREE)).isEqualTo("\n北京");
    try (GenerationStream pieces = polyLm.stream(TO_CHINESE)) {
      assertThat(String.join("", pieces)).isEqualTo("\n北京是中国的首都。");
      assertThat(pieces.result().text()).isEqualTo("\n北京是中国的首都。");
    }
    try (GenerationStream pieces = polyLm.stream(TO_CHINESE, THREE)) {
      assertThat(String.join("", pieces)).isEqualTo("\n北京");
    }
  }

  @Test
  void repliesToConversations() {
    List<ChatMessage> messages = List.of(ChatMessage.user(TO_CHINESE));
    assertThat(polyLm.generate(messages)).isEqualTo("北京是中国的首都。");
    assertThat(polyLm.generate(messages, THREE)).isEqualTo("北京");
    assertThat(polyLm.chat().reply(TO_CHINESE).text()).isEqualTo("北京是中国的首都。");
    try (Stream<String> pieces = polyLm.chat().stream(TO_CHINESE)) {
      assertThat(String.join("", pieces.toList())).isEqualTo("北京是中国的首都。");
    }
  }

  @Test
  void embedsIdsAsTheirText() {
    int[] ids = polyLm.tokenizer().encodePrompt("Beijing", false);
    assertThat(polyLm.embed(ids)).isEqualTo(polyLm.embed("Beijing"));
  }

  @Test
  void scoresTextsWithTheLikeliestIdsAsIds() {
    String context = "Beijing is the capital";
    String continuation = " of China.";
    int[] contextIds = polyLm.tokenizer().encodePrompt(context, false);
    int[] all = polyLm.tokenizer().encodePrompt(context + continuation, false);
    int[] continuationIds = Arrays.copyOfRange(all, contextIds.length, all.length);
    assertThat(polyLm.score(context, continuation, 3).topLogprobs())
        .isNotEmpty()
        .allSatisfy(likeliest -> assertThat(likeliest).hasSize(3))
        .isEqualTo(polyLm.score(contextIds, continuationIds, 3).topLogprobs());
    assertThatThrownBy(() -> polyLm.score(context, continuation, -1))
        .hasMessage("topLogprobs is -1, must be at least 0");
  }

  @Test
  void anAnswerWithoutLimitHas256Tokens() {
    GenerationConfig endless = GenerationConfig.builder().eosTokenId(List.of(8191)).build();
    GeneratedSequence answer =
        polyLm
            .generate(GenerationRequest.ofPrompt(TO_CHINESE).withConfig(endless))
            .sequences()
            .get(0);
    assertThat(answer.ids()).hasSize(256).hasSize(GenerationConfig.DEFAULT_MAX_NEW_TOKENS);
    assertThat(answer.finishReason()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void resultsShowThemselves() {
    GenerationRequest request = GenerationRequest.ofPrompt(TO_CHINESE).withConfig(THREE);
    assertThat(polyLm.generate(request))
        .hasToString(
            "GenerationResult[sequences=[GeneratedSequence[text=\n北京, tokens=3,"
                + " finishReason=LENGTH]], promptTokens=18, newTokens=3]");
    assertThat(polyLm.score("Beijing is", " the").toString())
        .matches("Score\\[sum=-\\d+\\.\\d+, tokens=\\d+]");
  }

  @Test
  void nullIsRefusedByName() {
    assertNull(() -> polyLm.generate((String) null), "prompt");
    assertNull(() -> polyLm.generate("a", null), "config");
    assertNull(() -> polyLm.generate((List<ChatMessage>) null), "messages");
    assertNull(() -> polyLm.generate((GenerationRequest) null), "request");
    assertNull(() -> polyLm.start(null), "request");
    assertNull(() -> polyLm.chat(null), "system");
    assertNull(() -> polyLm.loadChat(null), "file");
    assertNull(() -> polyLm.chat().reply(null), "text");
    assertNull(() -> polyLm.embed((String) null), "text");
    assertNull(() -> polyLm.embed((int[]) null), "ids");
    assertNull(() -> polyLm.perplexity((String) null), "text");
    assertNull(() -> polyLm.score((String) null, "a"), "context");
    assertNull(() -> polyLm.score("a", (String) null), "continuation");
    assertNull(() -> PolyLm.open((Path) null), "directory");
    assertNull(() -> PolyLm.openEmbedded(null), "options");
    assertNull(() -> ChatMessage.user(null), "text");
    assertNull(() -> GenerationRequest.ofPrompt((String) null), "prompt");
  }

  private static void assertNull(ThrowingCallable call, String name) {
    assertThatThrownBy(call)
        .isInstanceOf(NullPointerException.class)
        .hasMessage(name + " must not be null");
  }

  @Test
  void aClosedModelRefusesAChatAtOnce() {
    PolyLm closed = polyLm.share();
    closed.close();
    assertThatThrownBy(closed::chat)
        .isInstanceOf(PolyLmException.class)
        .hasMessage("the model is closed");
    assertThatThrownBy(() -> closed.chat("Be brief.")).hasMessage("the model is closed");
  }

  @Test
  void theEngineReportsToARegistryOfOnesOwn() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    PolyLmOptions options = PolyLmOptions.builder().meterRegistry(registry).build();
    try (PolyLm observed = PolyLm.openEmbedded(options.toBuilder().threads(1).build())) {
      assertThat(observed.generate(TO_CHINESE, THREE)).isEqualTo("\n北京");
      assertThat(registry.get("polylm.tokens.prompt").counter().count()).isEqualTo(18);
    }
    assertThat(options.meterRegistry()).isSameAs(registry);
    assertThat(registry.getMeters()).isEmpty(); // they left with the model
  }
}
