package dev.polylm.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The measured checkpoints are the same weights in every format. */
class RandomCheckpointTest {
  @TempDir private Path folder;

  @Test
  void theSameModelInEveryFormat() throws Exception {
    String weights = data("safetensors", "1");

    assertThat(List.of(data("safetensors", "3"), data("bin", "1"), data("bin", "3")))
        .containsOnly(weights);
  }

  /** The hash of the weights that an export of the checkpoint has. */
  private String data(String format, String shards) throws Exception {
    Path checkpoint = folder.resolve(format + shards);
    RandomCheckpoint.main(
        new String[] {checkpoint.toString(), "2", "64", "4", "300", "32", format, shards});
    ExportOptions options =
        ExportOptions.builder(checkpoint, folder.resolve("out-" + format + shards))
            .weights(WeightType.FP32)
            .tokenizer(false)
            .build();
    return Exporter.export(options, ExportListener.NONE)
        .manifest()
        .files()
        .get("model.onnx.data")
        .sha256();
  }
}
