package dev.polylm.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.catalog.ModelDescription;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.polylm.Adapter;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.export.ExportListener;
import dev.polylm.export.ExportOptions;
import dev.polylm.export.Exporter;
import dev.polylm.export.WeightType;
import dev.polylm.internal.adapter.AdapterFile;
import dev.polylm.internal.adapter.AdapterMatrix;
import dev.polylm.model.AdapterFacts;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models with an adapter, MODEL:NAME. The SDK says what is right. */
class NamedAdaptersTest {
  private static final String CARD =
      "Beijing is the capital of China.\nTranslate this sentence from English to Chinese.";

  /** Room for the adapter once. */
  private static final PolyLmOptions OPTIONS =
      PolyLmOptions.builder().adapterBytes(Float.BYTES * 4 * (256 + 768)).build();

  @TempDir private static Path folder;
  private static Path model;
  private static Path legal;

  @BeforeAll
  static void export() {
    model = folder.resolve("model");
    Exporter.export(
        ExportOptions.builder(Path.of("../../examples/polylm-tiny/checkpoint"), model)
            .name("base")
            .weights(WeightType.FP32)
            .verify(false)
            .runTimeAdapters(new AdapterFacts(4, 2))
            .build(),
        ExportListener.NONE);
    legal = folder.resolve("legal.adapter");
    Random random = new Random(5);
    AdapterMatrix.Shape shape = new AdapterMatrix.Shape("h.0.attn.c_attn", 256, 768, 4);
    AdapterFile.write(
        legal,
        List.of(shape),
        unused -> new AdapterMatrix(shape, numbers(random, 256 * 4), numbers(random, 4 * 768)));
  }

  private static float[] numbers(Random random, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian() * 0.3f;
    }
    return numbers;
  }

  private static ChatRequest request(String name) {
    return ChatRequest.builder()
        .messages(UserMessage.from(CARD))
        .modelName(name)
        .maxOutputTokens(12)
        .build();
  }

  private static String ask(PolyLmChatModel asked, String name) {
    return asked.chat(request(name)).aiMessage().text();
  }

  @Test
  void modelsShareWhatIsLoaded() {
    try (PolyLm polyLm = PolyLm.open(model, OPTIONS);
        Adapter adapter = polyLm.loadAdapter(legal);
        PolyLm with = polyLm.withAdapter(adapter);
        PolyLmChatModel expected = PolyLmChatModel.builder().polyLm(with).build();
        PolyLmStreamingChatModel streaming =
            PolyLmStreamingChatModel.builder()
                .polyLm(polyLm)
                .loadedAdapters(Map.of("legal", adapter))
                .build();
        PolyLmEmbeddingModel embedding =
            PolyLmEmbeddingModel.builder()
                .polyLm(polyLm)
                .loadedAdapters(Map.of("legal", adapter))
                .build()) {
      String answer = ask(expected, "base");
      PolyLmChatModel chat =
          PolyLmChatModel.builder()
              .polyLm(polyLm)
              .loadedAdapters(Map.of("legal", adapter))
              .modelName("base:legal")
              .build();
      assertThat(ask(chat, "base:legal")).isEqualTo(answer).isNotEqualTo(ask(chat, "base"));
      assertThat(ask(chat, null)).isEqualTo(answer);
      chat.close(); // the adapter stays open
      Heard heard = new Heard();
      streaming.chat(request("base:legal"), heard);
      assertThat(heard.chatResponse().aiMessage().text()).isEqualTo(answer);
      assertThat(
              embedding
                  .embed(EmbeddingRequest.builder().input("Rome").modelName("base:legal").build())
                  .embeddings()
                  .get(0)
                  .vector())
          .isEqualTo(with.embed("Rome"))
          .isNotEqualTo(polyLm.embed("Rome"));
    }
  }

  @Test
  void whoeverLoadedAnAdapterClosesItAndItsModel() {
    PolyLm polyLm = PolyLm.open(model, OPTIONS);
    Adapter adapter = polyLm.loadAdapter(legal);
    try (PolyLmChatModel chat =
        PolyLmChatModel.builder().polyLm(polyLm).loadedAdapters(Map.of("legal", adapter)).build()) {
      polyLm.close();
      assertThat(ask(chat, "base:legal")).isNotEqualTo(ask(chat, "base"));
      adapter.close();
      assertThatThrownBy(() -> ask(chat, "base:legal"))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessage("the adapter legal is closed");
      assertThat(ask(chat, "base")).isNotEmpty();
    }
  }

  @Test
  void aFileBelongsToTheModelThatWasBuilt() {
    try (PolyLm polyLm = PolyLm.open(model, OPTIONS)) {
      PolyLmChatModel.Builder builder =
          PolyLmChatModel.builder().polyLm(polyLm).adapters(Map.of("legal", legal.toString()));
      try (PolyLmChatModel other = builder.build()) {
        try (PolyLmChatModel chat = builder.build()) {
          assertThat(ask(chat, "base:legal")).isNotEqualTo(ask(chat, "base"));
          assertThatThrownBy(() -> ask(other, "base:legal"))
              .isInstanceOf(PolyLmException.class)
              .hasMessageContaining("the loaded adapters take 16384 of 16384: close one");
        }
        assertThat(ask(other, "base:legal")).isNotEqualTo(ask(other, "base"));
      }
    }
  }

  @Test
  void bothAreListed() {
    try (PolyLm polyLm = PolyLm.open(model, OPTIONS);
        Adapter adapter = polyLm.loadAdapter(legal);
        PolyLmChatModel chat =
            PolyLmChatModel.builder()
                .polyLm(polyLm)
                .adapters(Map.of("medical", legal.toString()))
                .loadedAdapters(Map.of("legal", adapter))
                .build()) {
      assertThatThrownBy(() -> ask(chat, "base:other"))
          .isInstanceOf(ModelNotFoundException.class)
          .hasMessage(
              "model \"base:other\" is unknown, expected one of base, base:legal, base:medical");
      assertThat(
              PolyLmModelCatalog.builder()
                  .polyLm(polyLm)
                  .loadedAdapters(Map.of("legal", adapter))
                  .build()
                  .listModels())
          .extracting(ModelDescription::name)
          .containsExactly("base", "base:legal");
    }
  }

  @Test
  void whatDoesNotBelongTogetherIsRefused() {
    try (PolyLm polyLm = PolyLm.open(model, OPTIONS);
        PolyLm other = PolyLm.open(model, OPTIONS);
        Adapter adapter = polyLm.loadAdapter(legal)) {
      PolyLmChatModel.Builder builder =
          PolyLmChatModel.builder().loadedAdapters(Map.of("legal", adapter));
      assertThatThrownBy(builder::build)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "loadedAdapters is set and polyLm is not; set polyLm to the model that loaded them");
      builder.polyLm(other);
      assertThatThrownBy(builder::build)
          .isInstanceOf(PolyLmException.class)
          .hasMessage("the adapter legal was loaded by another model, expected one of this model");
      builder.polyLm(polyLm).adapters(Map.of("legal", legal.toString()));
      assertThatThrownBy(builder::build)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("adapters and loadedAdapters both have the name legal; names must differ");
    }
  }
}
