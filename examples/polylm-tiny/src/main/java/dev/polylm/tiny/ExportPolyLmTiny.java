package dev.polylm.tiny;

import dev.polylm.export.ExportListener;
import dev.polylm.export.ExportOptions;
import dev.polylm.export.Exporter;
import dev.polylm.export.WeightType;
import java.nio.file.Path;

/** Exports the checkpoint into the folder that becomes the artifact's contents. */
final class ExportPolyLmTiny {
  private ExportPolyLmTiny() {}

  /**
   * Runs the export.
   *
   * @param args the checkpoint's folder, the folder to make
   */
  public static void main(String[] args) {
    ExportOptions options =
        ExportOptions.builder(Path.of(args[0]), Path.of(args[1]))
            .name("polylm-tiny")
            // Its tests compare every step with Hugging Face's numbers.
            .weights(WeightType.FP32)
            .force(true)
            .build();
    Exporter.export(options, ExportListener.NONE);
  }
}
