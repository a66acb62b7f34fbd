package dev.polylm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmOptions;
import dev.polylm.chat.ChatSession;
import dev.polylm.constraint.Constraint;
import dev.polylm.export.ExportListener;
import dev.polylm.export.ExportOptions;
import dev.polylm.export.Exporter;
import dev.polylm.export.WeightType;
import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationConfigBuilder;
import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import dev.polylm.generation.GenerationStream;
import dev.polylm.internal.chat.ChatModel;
import dev.polylm.internal.chat.ModelChatSession;
import dev.polylm.internal.delivery.Generator;
import dev.polylm.internal.delivery.Lifecycle;
import dev.polylm.internal.delivery.Searches;
import dev.polylm.internal.device.DeviceSettings;
import dev.polylm.internal.engine.Engine.Guesser;
import dev.polylm.internal.engine.Engine.RunModel;
import dev.polylm.internal.model.ModelDirectory;
import dev.polylm.internal.runtime.Decoder;
import dev.polylm.internal.saved.KeysAndValues;
import dev.polylm.internal.search.Constraints;
import dev.polylm.internal.search.EarlierAnswers;
import dev.polylm.logits.LogitsProcessor;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** polylm-tiny, for which its int4 version guesses at every step, against polylm-tiny alone. */
final class DraftedModelTest {
  private static final String[] PROMPTS = {
    "Beijing is the capital of China.\nTranslate this sentence from English to Chinese.",
    "Beijing is the capital of China.\nTranslate this sentence from English to German.",
    "one two one two one two one",
    "Berlin",
    "Paris is the capital of France.\nTranslate this sentence from English to Spanish."
  };

  @TempDir private static Path folder;
  private static PolyLm alone;
  private static Decoder decoder;
  private static Decoder draft;
  private static Engine engine;
  private static Generator drafted;

  /** Guesses a random number of ids, whatever it takes. */
  private static final class AnyLength extends DraftPace {
    private final Random random = new Random(1);

    AnyLength() {
      super(1, DraftRows.MAX_ROWS);
    }

    @Override
    int length(int rows, int unread, int made, int most) {
      return random.nextInt(Math.min(most, 8) + 1);
    }
  }

  @BeforeAll
  static void open() {
    Path checkpoint = Path.of("../examples/polylm-tiny/checkpoint");
    alone = PolyLm.openEmbedded();
    decoder = open(checkpoint, WeightType.FP32);
    draft = open(checkpoint, WeightType.INT4);
    Guesser guesser = new Guesser(RunModel.of(draft), new AnyLength());
    PolyLmOptions options = PolyLmOptions.defaults();
    engine = new Engine(RunModel.of(decoder), guesser, options, new EngineObserver() {});
    Searches searches =
        new Searches(
            decoder.dimensions(),
            alone.tokenizer(),
            new Constraints(alone.tokenizer()),
            alone.generationDefaults(),
            new EarlierAnswers(),
            true,
            null);
    drafted = new Generator(searches, engine, new Lifecycle(), false);
  }

  private static Decoder open(Path checkpoint, WeightType weights) {
    ExportOptions options =
        ExportOptions.builder(checkpoint, folder.resolve(weights.toString()))
            .weights(weights)
            .verify(false)
            .build();
    Path model = Exporter.export(options, ExportListener.NONE).directory();
    try (ModelDirectory directory = ModelDirectory.open(model)) {
      return Decoder.open(
          directory.file(ModelDirectory.GRAPH),
          directory.manifest().model(),
          directory.manifest().adapters(),
          DeviceSettings.CPU,
          1);
    }
  }

  @AfterAll
  static void close() {
    engine.close();
    decoder.close();
    draft.close();
    alone.close();
  }

  private static GenerationConfigBuilder config() {
    return GenerationConfig.builder().maxNewTokens(48).outputLogprobs(true);
  }

  /** Settings that look at what was written, one after the other. */
  private static List<GenerationConfig> settings() {
    return List.of(
        config().build(),
        config().minNewTokens(30).repetitionPenalty(1.2).build(),
        config().minNewTokens(30).noRepeatNgramSize(3).topLogprobs(3).build(),
        config().stopStrings(List.of("国", "ist", "two")).build(),
        config().minNewTokens(40).promptLookupNumTokens(4).build());
  }

  private static void assertSame(GenerationRequest request, GenerationResult found) {
    GeneratedSequence expected = alone.generate(request).sequences().get(0);
    GeneratedSequence sequence = found.sequences().get(0);
    assertThat(sequence.ids()).isEqualTo(expected.ids());
    assertThat(sequence.text()).isEqualTo(expected.text());
    assertThat(sequence.finishReason()).isEqualTo(expected.finishReason());
    assertThat(sequence.topLogprobs()).hasSameSizeAs(expected.topLogprobs());
    float[] logprobs = expected.tokenLogprobs();
    for (int i = 0; i < logprobs.length; i++) { // to the last bits of 32, as other runs give them
      float tolerance = 1e-5f * Math.max(1, Math.abs(logprobs[i]));
      assertThat(sequence.tokenLogprobs()[i]).isCloseTo(logprobs[i], within(tolerance));
    }
  }

  @Test
  void greedyAnswersAreThoseOfTheModelAlone() {
    int right = 0;
    int guessed = 0;
    for (GenerationConfig config : settings()) {
      for (String prompt : PROMPTS) {
        GenerationRequest request = GenerationRequest.ofPrompt(prompt).withConfig(config);
        GenerationResult found = drafted.generate(request);
        assertSame(request, found);
        right += found.draftCounts().accepted();
        guessed += found.draftCounts().drafted();
      }
    }
    assertThat(guessed).isGreaterThan(500);
    assertThat(right).isBetween(guessed / 2, guessed - 1);
  }

  /** Two to four at a time guess too, each in runs of its own; more of them share a step. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4, 7})
  void requestsAtOnceGetTheAnswersOfTheModelAlone(int count) {
    List<GenerationRequest> requests = new ArrayList<>();
    List<GenerationHandle> handles = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      GenerationConfig config = settings().get(i % settings().size());
      requests.add(GenerationRequest.ofPrompt(PROMPTS[i % PROMPTS.length]).withConfig(config));
      handles.add(drafted.start(requests.get(i)));
    }
    for (int i = 0; i < count; i++) {
      assertSame(requests.get(i), handles.get(i).result());
    }
  }

  @Test
  void constraintsAndOwnProcessorsWorkOnGuesses() {
    Constraint person =
        Constraint.jsonSchema(
            """
            {"type": "object", "additionalProperties": false, "required": ["translation", "sure"],
             "properties": {"translation": {"type": "string", "maxLength": 40},
                            "sure": {"type": "boolean"}}}\
            """);
    int comma = alone.tokenizer().encode(",")[0];
    LogitsProcessor noComma = (ids, logits) -> logits[comma] = Float.NEGATIVE_INFINITY;
    for (String prompt : PROMPTS) {
      GenerationRequest request = GenerationRequest.ofPrompt(prompt).withConfig(config().build());
      GenerationRequest form = request.withConstraint(person);
      assertSame(form, drafted.generate(form));
      GenerationRequest processed = request.withProcessors(list -> list.custom(noComma));
      assertSame(processed, drafted.generate(processed));
    }
  }

  /** With top_k 1 there is one answer, whatever is drawn. Other draws must keep the form. */
  @Test
  void drawsAreThoseOfTheModel() {
    GenerationConfigBuilder drawn = config().doSample(true).seed(4);
    GenerationRequest surest = request(drawn.topK(1).build());
    GenerationResult found = drafted.generate(surest);
    assertSame(surest, found);
    assertThat(found.draftCounts().accepted()).isPositive();
    Constraint digits = Constraint.regex("[0-9]{3}(-[0-9]{4}){5}");
    GenerationRequest number = request(drawn.topK(0).temperature(3).build()).withConstraint(digits);
    GenerationResult answer = drafted.generate(number);
    assertThat(answer.text()).matches("[0-9]{3}(-[0-9]{4}){5}");
    assertThat(answer.draftCounts().drafted()).isPositive();
  }

  private static GenerationRequest request(GenerationConfig config) {
    return GenerationRequest.ofPrompt(PROMPTS[1]).withConfig(config);
  }

  @Test
  void aReproducibleRequestGoesWithout() {
    GenerationRequest request = request(config().reproducible(true).build());
    GenerationResult found = drafted.generate(request);
    assertSame(request, found);
    assertThat(found.draftCounts().drafted()).isZero();
  }

  @Test
  void aStreamHasTheSameTextAndEndsWhenItIsClosed() {
    GenerationRequest request = request(config().minNewTokens(48).build());
    try (GenerationStream pieces = drafted.stream(request)) {
      assertThat(pieces.pieces().collect(Collectors.joining()))
          .isEqualTo(alone.generate(request).text());
    }
    GenerationRequest endless = request(config().maxNewTokens(400).minNewTokens(400).build());
    GenerationStream stream = drafted.stream(endless);
    stream.pieces().limit(3).forEach(piece -> assertThat(piece).isNotEmpty());
    stream.close();
    assertThat(stream.result().sequences().get(0).finishReason()).isEqualTo(FinishReason.CANCELLED);
  }

  @Test
  void aConversationHasTheSameReplies() {
    KeysAndValues none =
        new KeysAndValues() {
          @Override
          public int write(int[] ids, DataOutputStream out) {
            return 0;
          }

          @Override
          public boolean read(int[] ids, DataInputStream in) {
            return false;
          }
        };
    ChatModel model =
        new ChatModel(
            alone.manifest(), alone.tokenizer(), alone.generationDefaults(), drafted, none);
    ChatSession session = ModelChatSession.begin(model, null);
    ChatSession expected = alone.chat();
    for (String prompt : PROMPTS) {
      assertThat(session.reply(prompt).text()).isEqualTo(expected.reply(prompt).text());
    }
    assertThat(session.ids()).isEqualTo(expected.ids());
  }
}
