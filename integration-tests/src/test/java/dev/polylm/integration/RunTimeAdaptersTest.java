package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.catalog.ModelDescription;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.polylm.Adapter;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.chat.ChatSession;
import dev.polylm.export.AdapterExporter;
import dev.polylm.export.ExportListener;
import dev.polylm.export.ExportOptions;
import dev.polylm.export.Exporter;
import dev.polylm.export.WeightType;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import dev.polylm.langchain4j.PolyLmChatModel;
import dev.polylm.langchain4j.PolyLmChatRequestParameters;
import dev.polylm.langchain4j.PolyLmEmbeddingModel;
import dev.polylm.langchain4j.PolyLmModelCatalog;
import dev.polylm.model.AdapterFacts;
import dev.polylm.scoring.Score;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** polylm-tiny with adapters chosen by request, against polylm-tiny with the adapter merged. */
final class RunTimeAdaptersTest {
  private static final String PROMPT =
      "Beijing is the capital of China.\nTranslate this sentence from English to German.";
  private static final GenerationConfig CONFIG =
      GenerationConfig.builder().doSample(false).maxNewTokens(24).outputLogprobs(true).build();

  /** More adapters than slots, with ranks that differ. */
  private static final int[] RANKS = {4, 16, 8, 1, 4, 8, 16, 2};

  private static final int SLOTS = 3;

  @TempDir private static Path folder;
  private static PolyLm model; // with 8 slots
  private static PolyLm fewSlots;
  private static final List<Path> FILES = new ArrayList<>();
  private static final List<Adapter> ADAPTERS = new ArrayList<>();
  private static final List<PolyLm> MERGED = new ArrayList<>(); // of the first two, then of none

  @BeforeAll
  static void export() throws IOException {
    for (int i = 0; i < RANKS.length; i++) {
      Path peft = RandomAdapter.write(folder.resolve("peft" + i), i, RANKS[i]);
      Path file = folder.resolve("adapter" + i + ".adapter");
      AdapterExporter.export(peft, file, false);
      FILES.add(file);
    }
    model = PolyLm.open(withAdapters("model", 8));
    fewSlots = PolyLm.open(withAdapters("few", SLOTS));
    FILES.forEach(file -> ADAPTERS.add(model.loadAdapter(file)));
    for (int i = 0; i < 2; i++) {
      MERGED.add(PolyLm.open(export(options("merged" + i).adapter(folder.resolve("peft" + i)))));
    }
    MERGED.add(PolyLm.open(export(options("plain"))));
  }

  @AfterAll
  static void close() {
    ADAPTERS.forEach(Adapter::close);
    MERGED.forEach(PolyLm::close);
    model.close();
    fewSlots.close();
  }

  private static Path withAdapters(String name, int slots) {
    return export(options(name).runTimeAdapters(new AdapterFacts(16, slots)));
  }

  private static ExportOptions.Builder options(String name) {
    return ExportOptions.builder(Fixtures.CHECKPOINT, folder.resolve(name))
        .weights(WeightType.FP32)
        .verify(false);
  }

  private static Path export(ExportOptions.Builder options) {
    return Exporter.export(options.build(), ExportListener.NONE).directory();
  }

  private static GenerationRequest request(String prompt) {
    return GenerationRequest.ofPrompt(prompt).withConfig(CONFIG);
  }

  private static void check(GenerationResult found, GenerationResult expected) {
    GeneratedSequence sequence = found.sequences().get(0);
    GeneratedSequence wanted = expected.sequences().get(0);
    assertThat(sequence.ids()).isEqualTo(wanted.ids());
    for (int i = 0; i < wanted.ids().length; i++) {
      assertThat(sequence.tokenLogprobs()[i]).isCloseTo(wanted.tokenLogprobs()[i], within(1e-4f));
    }
  }

  @Test
  void answersAreThoseOfTheMergedModels() {
    List<GenerationResult> results = new ArrayList<>();
    for (int i = 0; i < MERGED.size(); i++) {
      GenerationRequest request = request(PROMPT);
      GenerationResult found =
          model.generate(i < 2 ? request.withAdapter(ADAPTERS.get(i)) : request);
      check(found, MERGED.get(i).generate(request));
      results.add(found);
    }
    assertThat(results.stream().map(result -> result.text()).distinct()).hasSize(3);
  }

  /** One row has no adapter, and prompts are of several lengths. */
  @Test
  void rowsBesideOthersWithOtherAdaptersAnswerAsTheMergedModelsDo() {
    for (PolyLm shared : List.of(model, fewSlots)) {
      List<Adapter> adapters =
          shared == model ? ADAPTERS : FILES.stream().map(shared::loadAdapter).toList();
      List<GenerationRequest> requests = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        GenerationRequest request = request(PROMPT.substring(i % 5));
        requests.add(i % 8 == 7 ? request : request.withAdapter(adapters.get(i % 8)));
      }
      List<GenerationResult> results = shared.generateAll(requests);
      for (int i = 0; i < requests.size(); i++) {
        int merged = i % 8 == 7 ? 2 : i % 8;
        if (merged <= 2 && (merged < 2 || i % 8 == 7)) {
          check(results.get(i), MERGED.get(merged).generate(request(PROMPT.substring(i % 5))));
        } else {
          check(results.get(i), shared.generate(requests.get(i)));
        }
      }
    }
  }

  @Test
  void keptPrefixesAreUsedOnlyWithTheirAdapter() {
    String beginning = "Berlin is the capital of Germany.\n".repeat(6);
    int reused = 0;
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < MERGED.size(); i++) {
        GenerationRequest request = request(beginning + round);
        GenerationResult found =
            model.generate(i < 2 ? request.withAdapter(ADAPTERS.get(i)) : request);
        check(found, MERGED.get(i).generate(request));
        assertThat(found.cachedTokens()).isLessThan(round == 0 ? 16 : Integer.MAX_VALUE);
        reused += found.cachedTokens();
      }
    }
    assertThat(reused).isGreaterThan(3 * 16);
  }

  @Test
  void aHandleScoresEmbedsAndChatsWithItsAdapter(@TempDir Path saved) {
    try (PolyLm first = model.withAdapter(ADAPTERS.get(0));
        PolyLm shared = first.share()) {
      PolyLm merged = MERGED.get(0);
      Score score = shared.score("Paris is the", " capital of France.");
      Score expected = merged.score("Paris is the", " capital of France.");
      assertThat(score.sum()).isCloseTo(expected.sum(), within(1e-3));
      assertThat(score.sum())
          .isNotCloseTo(model.score("Paris is the", " capital of France.").sum(), within(0.1));
      float[] embedding = first.embed("Paris is the capital of France.");
      float[] wanted = merged.embed("Paris is the capital of France.");
      for (int i = 0; i < wanted.length; i++) {
        assertThat(embedding[i]).isCloseTo(wanted[i], within(1e-5f));
      }
      ChatSession session = first.chat();
      ChatSession ofMerged = merged.chat();
      for (String text : List.of("Berlin", "Paris")) {
        assertThat(session.reply(text, CONFIG).text())
            .isEqualTo(ofMerged.reply(text, CONFIG).text());
      }
      session.saveWithCache(saved.resolve("chat"));
      ofMerged.saveWithCache(saved.resolve("merged"));
      ChatSession base = model.loadChat(saved.resolve("chat"));
      assertThat(base.reply("Rome", CONFIG).text())
          .isEqualTo(
              MERGED.get(2).loadChat(saved.resolve("merged")).fork().reply("Rome", CONFIG).text());
      check(
          first.generate(request(PROMPT).withAdapter(ADAPTERS.get(1))),
          MERGED.get(1).generate(request(PROMPT)));
    }
  }

  @Test
  void aClosedAdapterEndsWithItsLastRequest() {
    Adapter adapter = model.loadAdapter(FILES.get(0));
    GenerationHandle handle = model.start(request(PROMPT).withAdapter(adapter));
    adapter.close();
    adapter.close();
    check(handle.result(), MERGED.get(0).generate(request(PROMPT)));
    assertThatThrownBy(() -> model.generate(request(PROMPT).withAdapter(adapter)))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("the adapter adapter0 is closed");
    assertThatThrownBy(() -> model.withAdapter(adapter))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("the adapter adapter0 is closed");
  }

  @Test
  void aChatRequestOfLangChain4jChoosesAnAdapter() {
    try (PolyLmChatModel chat =
            PolyLmChatModel.builder().polyLm(model).maxOutputTokens(24).temperature(0.0).build();
        PolyLmChatModel merged =
            PolyLmChatModel.builder()
                .polyLm(MERGED.get(0))
                .maxOutputTokens(24)
                .temperature(0.0)
                .build()) {
      ChatRequest request =
          ChatRequest.builder()
              .messages(UserMessage.from("Berlin"))
              .parameters(PolyLmChatRequestParameters.builder().adapter(ADAPTERS.get(0)).build())
              .build();
      String answer = chat.chat(request).aiMessage().text();
      assertThat(answer).isEqualTo(merged.chat("Berlin"));
      assertThat(answer).isNotEqualTo(chat.chat("Berlin"));
    }
  }

  @Test
  void aModelNameOfLangChain4jChoosesAnAdapter() throws IOException {
    Map<String, String> files = Map.of("a", FILES.get(0) + "", "b", FILES.get(1) + "");
    String own = model.manifest().name();
    try (PolyLmChatModel chat =
            PolyLmChatModel.builder()
                .polyLm(model)
                .adapters(files)
                .modelName(own + ":a")
                .maxOutputTokens(24)
                .temperature(0.0)
                .build();
        PolyLmChatModel merged =
            PolyLmChatModel.builder()
                .polyLm(MERGED.get(1))
                .maxOutputTokens(24)
                .temperature(0.0)
                .build();
        PolyLmEmbeddingModel embeddings =
            PolyLmEmbeddingModel.builder()
                .modelPath(folder.resolve("few") + "")
                .adapters(files)
                .build()) {
      ChatRequest.Builder request = ChatRequest.builder().messages(UserMessage.from("Berlin"));
      assertThat(chat.chat(request.modelName(own + ":b").build()).aiMessage().text())
          .isEqualTo(merged.chat("Berlin"))
          .isNotEqualTo(chat.chat("Berlin"));
      assertThat(chat.chat(request.modelName(own).build()).aiMessage().text())
          .isNotEqualTo(chat.chat("Berlin"));
      assertThatThrownBy(() -> chat.chat(request.modelName(own + ":c").build()))
          .isInstanceOf(ModelNotFoundException.class)
          .hasMessage(
              "model \"%1$s:c\" is unknown, expected one of %1$s, %1$s:a, %1$s:b".formatted(own));
      EmbeddingRequest input =
          EmbeddingRequest.builder().input("Rome").modelName(own + ":a").build();
      float[] expected = MERGED.get(0).embed("Rome");
      float[] found = embeddings.embed(input).embeddings().get(0).vector();
      for (int i = 0; i < expected.length; i++) {
        assertThat(found[i]).isCloseTo(expected[i], within(1e-5f));
      }
    }
    PolyLmModelCatalog catalog = PolyLmModelCatalog.builder().polyLm(model).adapters(files).build();
    assertThat(catalog.listModels())
        .extracting(ModelDescription::name)
        .containsExactly(own, own + ":a", own + ":b");
  }

  @Test
  void theAdapterOfAnotherModelIsRefused() {
    assertThatThrownBy(() -> fewSlots.generate(request(PROMPT).withAdapter(ADAPTERS.get(0))))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("the adapter adapter0 was loaded by another model, expected one of this model");
    PolyLm plain = MERGED.get(2);
    assertThatThrownBy(() -> plain.generate(request(PROMPT).withAdapter(ADAPTERS.get(0))))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining("was loaded by another model");
    assertThatThrownBy(() -> plain.loadAdapter(FILES.get(0)))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            "the model checkpoint takes no adapters at run time: export it with"
                + " --run-time-adapters");
  }

  @Test
  void theHeadChangesTooWhereAsked() throws IOException {
    Path peft =
        RandomAdapter.writeWithHead(
            folder.resolve("peft-head"), 9, 4, model.manifest().model().vocabSize());
    Path file = folder.resolve("head.adapter");
    AdapterExporter.export(peft, file, false);
    assertThatThrownBy(() -> model.loadAdapter(file))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            file
                + ": changes lm_head, which the model's adapters don't change: export it with"
                + " --adapter-head");
    Path with = export(options("with-head").runTimeAdapters(new AdapterFacts(16, 4, true)));
    try (PolyLm shared = PolyLm.open(with);
        PolyLm merged = PolyLm.open(export(options("merged-head").adapter(peft)));
        Adapter head = shared.loadAdapter(file);
        Adapter first = shared.loadAdapter(FILES.get(0));
        PolyLm scored = shared.withAdapter(head)) {
      check(shared.generate(request(PROMPT).withAdapter(head)), merged.generate(request(PROMPT)));
      List<GenerationRequest> requests = new ArrayList<>();
      for (int i = 0; i < 9; i++) {
        GenerationRequest request = request(PROMPT.substring(i % 3));
        requests.add(
            i % 3 == 0
                ? request.withAdapter(head)
                : i % 3 == 1 ? request.withAdapter(first) : request);
      }
      List<GenerationResult> results = shared.generateAll(requests);
      for (int i = 0; i < 9; i++) {
        PolyLm expected = i % 3 == 0 ? merged : MERGED.get(i % 3 == 1 ? 0 : 2);
        check(results.get(i), expected.generate(request(PROMPT.substring(i % 3))));
      }
      assertThat(scored.score("Paris is the", " capital of France.").sum())
          .isCloseTo(merged.score("Paris is the", " capital of France.").sum(), within(1e-3));
    }
  }

  @Test
  void loadedAdaptersHaveALimit() {
    PolyLmOptions options = PolyLmOptions.builder().adapterBytes(1_000_000).build();
    try (PolyLm small = PolyLm.open(folder.resolve("few"), options)) {
      try (Adapter one = small.loadAdapter(FILES.get(0))) {
        assertThat(one.name()).isEqualTo("adapter0");
        assertThatThrownBy(() -> small.loadAdapter(FILES.get(1)))
            .isInstanceOf(PolyLmException.class)
            .hasMessageContaining("raise adapterBytes");
      }
      small.loadAdapter(FILES.get(4)).close();
    }
  }
}
