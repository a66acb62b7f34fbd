package dev.polylm.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.polylm.Adapter;
import dev.polylm.PolyLm;
import dev.polylm.export.ExportListener;
import dev.polylm.export.ExportOptions;
import dev.polylm.export.Exporter;
import dev.polylm.export.WeightType;
import dev.polylm.internal.adapter.AdapterFile;
import dev.polylm.internal.adapter.AdapterMatrix;
import dev.polylm.model.AdapterFacts;
import dev.polylm.quarkus.Model;
import io.quarkus.test.QuarkusUnitTest;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Adapters of the configuration. The SDK says what is right. */
final class AdaptersTest {
  private static final Path FOLDER = Path.of("target", "with-adapters").toAbsolutePath();

  /** What the adapter takes. There is room for it once beside the copy that a test loads. */
  private static final int ADAPTER_BYTES = Float.BYTES * 4 * (256 + 768);

  @RegisterExtension
  static final QuarkusUnitTest APPLICATION =
      new QuarkusUnitTest()
          .withApplicationRoot(jar -> jar.addClass(TestModel.class))
          .setBeforeAllCustomizer(AdaptersTest::export)
          .overrideConfigKey("quarkus.http.test-port", "0")
          .overrideConfigKey("quarkus.polylm.model.path", FOLDER.toString())
          .overrideConfigKey("quarkus.polylm.adapter-bytes", "" + 2 * ADAPTER_BYTES)
          .overrideConfigKey("quarkus.polylm.adapters.legal", FOLDER + ".adapter")
          .overrideConfigKey("quarkus.polylm.models.small.model.path", FOLDER.toString())
          .overrideConfigKey("quarkus.polylm.models.small.adapters.legal", FOLDER + ".adapter");

  private static void export() {
    Exporter.export(
        ExportOptions.builder(Path.of("../../../examples/polylm-tiny/checkpoint"), FOLDER)
            .weights(WeightType.FP32)
            .verify(false)
            .force(true)
            .runTimeAdapters(new AdapterFacts(4, 2))
            .build(),
        ExportListener.NONE);
    Random random = new Random(5);
    AdapterMatrix.Shape shape = new AdapterMatrix.Shape("h.0.attn.c_attn", 256, 768, 4);
    AdapterFile.write(
        Path.of(FOLDER + ".adapter"),
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

  @Inject PolyLm polyLm;
  @Inject ChatModel chatModel;
  @Inject EmbeddingModel embeddingModel;

  @Inject
  @Model(":legal")
  PolyLm legal;

  @Inject
  @Model("small:legal")
  ChatModel small;

  @Test
  void areChosenByAQualifierAndByARequest() {
    String plain = polyLm.generate(TestModel.CARD);
    try (Adapter adapter = polyLm.loadAdapter(Path.of(FOLDER + ".adapter"));
        PolyLm expected = polyLm.withAdapter(adapter)) {
      String answer = expected.generate(TestModel.CARD);
      assertThat(answer).isNotEqualTo(plain);
      assertThat(legal.generate(TestModel.CARD)).isEqualTo(answer);
      String name = polyLm.manifest().name() + ":legal";
      ChatRequest request =
          ChatRequest.builder().messages(UserMessage.from(TestModel.CARD)).modelName(name).build();
      assertThat(chatModel.chat(request).aiMessage().text())
          .isEqualTo(small.chat(TestModel.CARD))
          .isNotEqualTo(chatModel.chat(TestModel.CARD));
      assertThat(embedding(name)).isEqualTo(expected.embed("Rome"));
    }
  }

  private float[] embedding(String name) {
    return embeddingModel
        .embed(EmbeddingRequest.builder().input("Rome").modelName(name).build())
        .embeddings()
        .get(0)
        .vector();
  }
}
