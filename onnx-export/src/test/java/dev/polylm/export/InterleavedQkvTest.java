package dev.polylm.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports fixtures whose c_attn was put into Megatron-LM's order beforehand. */
class InterleavedQkvTest {
  @TempDir private Path folder;

  @Test
  void isPutBackIntoOrder() throws Exception {
    Path plain = ReferenceModel.FIXTURES.resolve("four-heads-odd-vocab");
    Path checkpoint = InterleavedCheckpoint.of(plain, folder.resolve("interleaved"));

    assertThat(data(checkpoint, QkvLayout.INTERLEAVED))
        .isEqualTo(data(plain, QkvLayout.CONCATENATED))
        .isNotEqualTo(data(checkpoint, QkvLayout.CONCATENATED));
    ReferenceModel reference = ReferenceModel.of("four-heads-odd-vocab");
    try (OrtModel model = new OrtModel(output(checkpoint, QkvLayout.INTERLEAVED), 1, 32)) {
      float[][] logits = model.run(reference.prompt(), 0);
      for (int i = 0; i < logits.length; i++) {
        assertThat(logits[i])
            .usingComparatorWithPrecision(1e-4f)
            .containsExactly(reference.logitsAt(i));
      }
    }
  }

  private Path output(Path checkpoint, QkvLayout layout) {
    return folder.resolve(layout + "-of-" + checkpoint.getFileName());
  }

  private String data(Path checkpoint, QkvLayout layout) {
    ExportOptions options =
        ExportOptions.builder(checkpoint, output(checkpoint, layout))
            .weights(WeightType.FP32)
            .tokenizer(false)
            .qkvLayout(layout)
            .build();
    return Exporter.export(options, ExportListener.NONE)
        .manifest()
        .files()
        .get("model.onnx.data")
        .sha256();
  }
}
