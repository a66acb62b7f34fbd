package dev.polylm.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.retriever.EmbeddingStoreContentRetriever;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.export.ExportListener;
import dev.polylm.export.ExportOptions;
import dev.polylm.export.Exporter;
import dev.polylm.export.WeightType;
import dev.polylm.model.GraphKind;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolyLmEmbeddingModelTest {
  private static PolyLm tiny;
  private static PolyLmEmbeddingModel model;

  @BeforeAll
  static void open() {
    tiny = PolyLm.openEmbedded();
    model = PolyLmEmbeddingModel.builder().polyLm(tiny).build();
  }

  @AfterAll
  static void close() {
    model.close();
    tiny.close();
  }

  @Test
  void theVectorsAreThoseOfTheSdkInTheOrderOfTheTexts() {
    List<String> texts = List.of("Germany", "Deutschland", "Allemagne");
    Response<List<Embedding>> response =
        model.embedAll(texts.stream().map(TextSegment::from).toList());
    for (int i = 0; i < texts.size(); i++) {
      assertThat(response.content().get(i).vector()).isEqualTo(tiny.embed(texts.get(i)));
    }
    assertThat(response.tokenUsage().inputTokenCount())
        .isEqualTo(texts.stream().mapToInt(text -> tiny.tokenizer().encode(text).length).sum());
    assertThat(response.tokenUsage().outputTokenCount()).isZero();
  }

  @Test
  void aSegmentsMetadataAreNoPartOfItsText() {
    TextSegment segment = TextSegment.from("Germany", Metadata.from("language", "en"));
    assertThat(model.embed(segment).content()).isEqualTo(model.embed("Germany").content());
  }

  @Test
  void namesAndSizesAreTheModels() {
    assertThat(model.modelName()).isEqualTo("polylm-tiny");
    assertThat(model.dimension()).isEqualTo(256);
    assertThat(model.embedAll(List.of()).content()).isEmpty();
  }

  @Test
  void aRequestChoosesTheModel() {
    try (PolyLmEmbeddingModel several =
        PolyLmEmbeddingModel.builder()
            .modelsPath(TestModels.folder())
            .modelName(TestModels.TINY)
            .build()) {
      EmbeddingResponse response =
          several.embed(
              EmbeddingRequest.builder().input("Germany").modelName(TestModels.REPLIES).build());
      assertThat(response.modelName()).isEqualTo("polylm-replies");
      assertThat(response.embeddings().get(0).dimension()).isNotEqualTo(several.dimension());
      assertThatThrownBy(
              () -> several.embed(EmbeddingRequest.builder().input("a").modelName("other").build()))
          .isInstanceOf(ModelNotFoundException.class)
          .hasMessage("model \"other\" is unknown, expected one of polylm-replies, polylm-tiny");
    }
  }

  @Test
  void refusesWhatHasNoEmbedding() {
    assertThatThrownBy(
            () -> model.embedAll(List.of(TextSegment.from("a"), TextSegment.from("2".repeat(512)))))
        .isExactlyInstanceOf(InvalidRequestException.class)
        .hasMessage("text 1 has 513 ids, expected 1 to 512, the model's context");
    assertThat(model.embed("2".repeat(511)).content().dimension()).isEqualTo(256);
  }

  @Test
  void aModelWithoutHiddenStatesIsRefusedWhenItIsBuilt(@TempDir Path folder) {
    ExportOptions options =
        ExportOptions.builder(
                Path.of("src/test/resources/polylm-replies/checkpoint"), folder.resolve("portable"))
            .graph(GraphKind.PORTABLE)
            .weights(WeightType.FP32)
            .verify(false)
            .build();
    Exporter.export(options, ExportListener.NONE);
    assertThatThrownBy(
            () ->
                PolyLmEmbeddingModel.builder()
                    .modelPath(folder.resolve("portable").toString())
                    .build())
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            "the model's graph is portable and gives no hidden states, which embeddings need: export it as a fused graph");
  }

  @Test
  void aClosedModelEmbedsNothing() {
    PolyLmEmbeddingModel closed = PolyLmEmbeddingModel.builder().polyLm(tiny).build();
    closed.close();
    closed.close();
    assertThatThrownBy(() -> closed.embed("a"))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("the model is closed");
    assertThat(model.embed("a").content().dimension()).isEqualTo(256);
  }

  @Test
  void manyThreadsEmbedAtOnce() {
    Embedding alone = model.embed("Paris is the capital of France.").content();
    assertThat(
            IntStream.range(0, 16)
                .parallel()
                .mapToObj(i -> model.embed("Paris is the capital of France.").content()))
        .containsOnly(alone);
  }

  /** An embedding store finds, for a German sentence, that of the same meaning in English. */
  @Test
  void aStoreFindsWhatMeansTheSame() {
    InMemoryEmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();
    List<TextSegment> segments =
        Stream.of("Paris is the capital of France.", "Vienna is the capital of Austria.", "Japan")
            .map(TextSegment::from)
            .toList();
    store.addAll(model.embedAll(segments).content(), segments);
    EmbeddingStoreContentRetriever retriever =
        EmbeddingStoreContentRetriever.builder()
            .embeddingModel(model)
            .embeddingStore(store)
            .maxResults(1)
            .build();
    assertThat(retriever.retrieve(Query.from("Wien ist die Hauptstadt von Österreich.")))
        .extracting(Content::textSegment)
        .containsExactly(segments.get(1));
  }
}
