package dev.polylm.springai;

import dev.polylm.PolyLm;
import dev.polylm.export.ExportListener;
import dev.polylm.export.ExportOptions;
import dev.polylm.export.Exporter;
import dev.polylm.export.WeightType;
import java.nio.file.Path;

/** The model that knows what Spring AI's tests with tools ask. */
final class TestModels {
  private static final Path WEATHER = export();

  private TestModels() {}

  /** Opens polylm-weather. */
  static PolyLm openWeather() {
    return PolyLm.open(WEATHER);
  }

  private static Path export() {
    Path folder = Path.of("target/models/polylm-weather");
    Exporter.export(
        ExportOptions.builder(Path.of("src/test/resources/polylm-weather/checkpoint"), folder)
            .name("polylm-weather")
            .promptForm("chat")
            .weights(WeightType.FP32)
            .force(true)
            .build(),
        ExportListener.NONE);
    return folder;
  }
}
