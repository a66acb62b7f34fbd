package dev.polylm.langchain4j;

import dev.polylm.export.ExportListener;
import dev.polylm.export.ExportOptions;
import dev.polylm.export.Exporter;
import dev.polylm.export.WeightType;
import java.nio.file.Path;

/** Models that the tests run: polylm-replies, which knows what the suites ask, and polylm-tiny. */
final class TestModels {
  static final String REPLIES = "polylm-replies";
  static final String TINY = "polylm-tiny";

  private static final Path FOLDER = export(Path.of("target/models"));

  private TestModels() {}

  /** The folder with both models. */
  static String folder() {
    return FOLDER.toString();
  }

  static String replies() {
    return FOLDER.resolve(REPLIES).toString();
  }

  private static Path export(Path folder) {
    Path replies = Path.of("src/test/resources/polylm-replies/checkpoint");
    export(
        ExportOptions.builder(replies, folder.resolve(REPLIES)).name(REPLIES).promptForm("chat"));
    Path tiny = Path.of("../../examples/polylm-tiny/checkpoint");
    export(ExportOptions.builder(tiny, folder.resolve(TINY)).name(TINY));
    return folder;
  }

  private static void export(ExportOptions.Builder options) {
    Exporter.export(options.weights(WeightType.FP32).force(true).build(), ExportListener.NONE);
  }
}
