package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLm;
import dev.polylm.export.ExportListener;
import dev.polylm.export.ExportOptions;
import dev.polylm.export.Exporter;
import dev.polylm.export.WeightType;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The SDK with each type of weights, held to Hugging Face's fp32. */
final class WeightTypesTest {
  @TempDir private Path folder;

  /**
   * Greedy search, beams, a batch of rows and scores.
   *
   * @param share of Hugging Face's ids that are found again
   * @param delta of a text's log-likelihood a token
   */
  @ParameterizedTest
  @CsvSource({"INT4, 0.85, 0.3", "INT8, 0.99, 0.05", "FP16, 0.999, 0.005"})
  void answersAsTheFloatsDo(WeightType weights, double share, double delta) {
    ExportOptions options =
        ExportOptions.builder(Fixtures.CHECKPOINT, folder.resolve("model"))
            .weights(weights)
            .build();
    Path model = Exporter.export(options, ExportListener.NONE).directory();
    try (PolyLm polyLm = PolyLm.open(model)) {
      assertThat(Fixtures.shareOfIds(polyLm, "greedy")).isGreaterThanOrEqualTo(share);
      assertThat(Fixtures.shareOfIds(polyLm, "card")).isGreaterThanOrEqualTo(share);
      for (JsonNode fixture : Fixtures.list(Fixtures.read("scores.json").get("perplexity"))) {
        double found = Math.log(polyLm.perplexity(fixture.get("text").textValue()));
        assertThat(found)
            .isCloseTo(Math.log(fixture.get("perplexity").doubleValue()), within(delta));
      }
    }
  }
}
