package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.PolyLm;
import dev.polylm.export.ExportListener;
import dev.polylm.export.ExportOptions;
import dev.polylm.export.Exporter;
import dev.polylm.export.WeightType;
import dev.polylm.model.GraphKind;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where the cache is. The build runs this and the engine's other tests twice: with the cache in the
 * host's memory, and with the cache that a GPU would have.
 */
final class BoundCacheTest {
  private static final String EXPECTED =
      Boolean.getBoolean("dev.polylm.cacheInCMemory") ? "C memory" : "cpu";

  @Test
  void theCacheIsWhereTheBuildWantsIt() {
    try (PolyLm polyLm = PolyLm.openEmbedded()) {
      assertThat(polyLm.placement().device()).isEqualTo("cpu");
      assertThat(polyLm.placement().cache()).isEqualTo(EXPECTED);
    }
  }

  /** Its runs return a new cache, which no binding can do in place. */
  @Test
  void aPortableGraphsCacheIsAlwaysTheHosts(@TempDir Path folder) {
    ExportOptions options =
        ExportOptions.builder(Fixtures.CHECKPOINT, folder.resolve("model"))
            .weights(WeightType.FP32)
            .graph(GraphKind.PORTABLE)
            .verify(false)
            .build();
    try (PolyLm polyLm = PolyLm.open(Exporter.export(options, ExportListener.NONE).directory())) {
      assertThat(polyLm.placement().cache()).isEqualTo("cpu");
    }
  }
}
