package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.chat.ChatSession;
import dev.polylm.export.CacheType;
import dev.polylm.export.ExportListener;
import dev.polylm.export.ExportOptions;
import dev.polylm.export.Exporter;
import dev.polylm.export.WeightType;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.scoring.Score;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The SDK with a cache of 8 bits, held to Hugging Face and to a cache of floats. */
final class Int8CacheTest {
  private static final String BEGINNING = "Beijing is the capital of China.\n".repeat(8);
  private static final List<String> LANGUAGES =
      List.of("Chinese", "German", "Thai", "Hebrew", "Arabic", "Korean", "German");
  private static final GenerationConfig SHORT = GenerationConfig.builder().maxNewTokens(20).build();

  @TempDir private static Path folder;
  private static Path model;
  private static PolyLm int8;
  private static PolyLm floats;

  @BeforeAll
  static void open() {
    ExportOptions options =
        ExportOptions.builder(Fixtures.CHECKPOINT, folder.resolve("model"))
            .weights(WeightType.FP32)
            .kvCache(CacheType.INT8)
            .build();
    model = Exporter.export(options, ExportListener.NONE).directory();
    int8 = PolyLm.open(model);
    floats = PolyLm.openEmbedded();
  }

  @AfterAll
  static void close() {
    int8.close();
    floats.close();
  }

  private static PolyLm open(PolyLmOptions options) {
    return PolyLm.open(model, options);
  }

  private static List<int[]> ids(List<GeneratedSequence> sequences) {
    return sequences.stream().map(GeneratedSequence::ids).toList();
  }

  /** All at once, so that rows of different lengths share runs and caches change their sizes. */
  @Test
  void answersAreTheSameAloneAndBesideOthers() {
    List<GenerationHandle> handles = new ArrayList<>();
    List<JsonNode> fixtures = Fixtures.searches();
    fixtures.forEach(fixture -> handles.add(int8.start(Fixtures.request(fixture))));
    assertThat(handles).hasSizeGreaterThan(50);
    try (PolyLm alone = open(PolyLmOptions.builder().prefixReuse(false).build())) {
      for (int i = 0; i < handles.size(); i++) {
        List<int[]> found = ids(handles.get(i).result().sequences());
        JsonNode fixture = fixtures.get(i);
        List<int[]> expected = ids(alone.generate(Fixtures.request(fixture)).sequences());
        assertThat(Arrays.deepEquals(found.toArray(), expected.toArray()))
            .as(fixture.get("name").textValue())
            .isTrue();
      }
    }
  }

  @Test
  void greedyTokensAreThoseOfHuggingFace() {
    assertThat(Fixtures.shareOfIds(int8, "greedy")).isGreaterThanOrEqualTo(0.99);
    assertThat(Fixtures.shareOfIds(int8, "card")).isGreaterThanOrEqualTo(0.99);
  }

  /** Of prompts that are read in chunks and as a whole, with beams and without. */
  @Test
  void whatPromptsBeginWithIsReused() {
    try (PolyLm without = open(PolyLmOptions.builder().prefixReuse(false).build());
        PolyLm with = open(PolyLmOptions.builder().promptChunk(16).build())) {
      for (String settings :
          List.of(
              "{\"max_new_tokens\": 32, \"output_logprobs\": true}",
              "{\"max_new_tokens\": 32, \"num_beams\": 4}")) {
        for (String language : LANGUAGES) {
          GenerationRequest request =
              GenerationRequest.ofPrompt(
                      BEGINNING + "Translate this sentence from English to " + language + ".")
                  .withConfig(GenerationConfig.fromJson(settings));
          GeneratedSequence found = with.generate(request).sequences().get(0);
          GeneratedSequence expected = without.generate(request).sequences().get(0);
          assertThat(found.ids()).isEqualTo(expected.ids());
          assertClose(found.tokenLogprobs(), expected.tokenLogprobs());
        }
      }
    }
  }

  private static void assertClose(float[] found, float[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(found[i]).isCloseTo(expected[i], within(1e-3f));
    }
  }

  @Test
  void promptLookupGivesWhatGreedyGives() {
    int[] repeated = new int[60];
    Arrays.setAll(repeated, i -> 300 + i % 4);
    GenerationConfig config = GenerationConfig.builder().maxNewTokens(40).minNewTokens(40).build();
    GenerationRequest greedy = GenerationRequest.ofIds(repeated).withConfig(config);
    GenerationRequest lookup =
        greedy.withConfig(config.toBuilder().promptLookupNumTokens(6).build());
    assertThat(int8.generate(lookup).draftCounts().drafted()).isPositive();
    assertThat(int8.generate(lookup).sequences().get(0).ids())
        .isEqualTo(int8.generate(greedy).sequences().get(0).ids());
  }

  @Test
  void scoresAndPerplexitiesAreAlmostThoseOfTheFloats() {
    List<String> continuations = List.of(" Peking", " Paris is the capital of France.", "。");
    List<Score> found = int8.score("The capital of China is", continuations);
    List<Score> expected = floats.score("The capital of China is", continuations);
    for (int i = 0; i < continuations.size(); i++) {
      assertThat(found.get(i).sum()).isCloseTo(expected.get(i).sum(), within(0.2));
    }
    String text = "Paris is the capital of France. ".repeat(100); // longer than the context
    assertThat(Math.log(int8.perplexity(text, 128)))
        .isCloseTo(Math.log(floats.perplexity(text, 128)), within(0.01));
  }

  @Test
  void aConversationIsSavedWithAQuarterOfTheBytes() throws IOException {
    ChatSession chat = int8.chat();
    chat.reply("Paris is the capital of France.\nTranslate this sentence from English to Dutch.");
    Path plain = folder.resolve("plain");
    Path cached = folder.resolve("cached");
    chat.save(plain);
    chat.saveWithCache(cached);
    long bytesOfPosition = 2L * 6 * 256; // keys and values of 6 layers of 256
    assertThat(Files.size(cached) - Files.size(plain))
        .isBetween((chat.ids().length - 1) * bytesOfPosition, chat.ids().length * bytesOfPosition);

    String next = "Rome is the capital of Italy.\nTranslate this sentence from English to Thai.";
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    Metrics.addRegistry(registry);
    try (PolyLm again = PolyLm.open(model)) {
      assertThat(again.loadChat(cached).reply(next, SHORT).text())
          .isEqualTo(chat.fork().reply(next, SHORT).text());
      assertThat(registry.get("polylm.tokens.reused").counter().count())
          .isGreaterThanOrEqualTo(chat.ids().length - 1);
    } finally {
      Metrics.removeRegistry(registry);
    }
  }

  /** The ids are known there, the keys and values are read again. */
  @Test
  void aConversationGoesOnWithACacheOfFloats() {
    ChatSession chat = int8.chat();
    chat.reply("Paris is the capital of France.\nTranslate this sentence from English to Dutch.");
    Path file = folder.resolve("other");
    chat.saveWithCache(file);
    try (PolyLm fresh = PolyLm.openEmbedded()) {
      ChatSession loaded = fresh.loadChat(file);
      assertThat(loaded.ids()).isEqualTo(chat.ids());
      assertThat(loaded.reply("Hello", SHORT).text()).isNotEmpty();
    }
  }

  @Test
  void aRequestNeedsAQuarterOfTheMemory() {
    GenerationRequest request =
        GenerationRequest.ofPrompt("Paris")
            .withConfig(GenerationConfig.builder().maxNewTokens(400).build());
    PolyLmOptions little = PolyLmOptions.builder().keyValueBytes(3 << 20).build();
    try (PolyLm small = open(little);
        PolyLm wanting = PolyLm.openEmbedded(little)) {
      assertThat(small.generate(request).sequences()).hasSize(1);
      assertThatThrownBy(() -> wanting.generate(request))
          .isInstanceOf(PolyLmException.class)
          .hasMessageStartingWith("the request may need 1 rows of 448 positions, ");
    }
  }
}
