package dev.polylm.internal.device;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.polylm.export.ExportListener;
import dev.polylm.export.ExportOptions;
import dev.polylm.export.Exporter;
import dev.polylm.export.Inspector;
import dev.polylm.export.WeightType;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which provider runs which nodes, held to the nodes in the graph's file. */
final class NodePlacesTest {
  @Test
  void everyNodeHasItsPlace(@TempDir Path folder) throws OrtException {
    ExportOptions options =
        ExportOptions.builder(
                Path.of("../examples/polylm-tiny/checkpoint"), folder.resolve("model"))
            .weights(WeightType.FP32)
            .verify(false)
            .build();
    Path model = Exporter.export(options, ExportListener.NONE).directory();
    Map<String, Integer> nodes = new HashMap<>();
    Inspector.inspect(model)
        .operators()
        .forEach((name, count) -> nodes.put(name.substring(name.lastIndexOf('.') + 1), count));
    try (OrtSession session =
        Sessions.open(
                model.resolve("model.onnx"),
                DeviceSettings.CPU,
                o -> o.addConfigEntry(Sessions.RECORD_PLACES, "1"))
            .session()) {
      assertThat(NodePlaces.of(session)).containsOnlyKeys(NodePlaces.CPU);
      assertThat(NodePlaces.onCpu(session)).isEqualTo(nodes);
    }
  }
}
