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
    String weights = data(false, 1);

    assertThat(List.of(data(false, 3), data(true, 1), data(true, 3))).containsOnly(weights);
  }

  /** The hash of the weights that an export of the checkpoint has. */
  private String data(boolean torch, int shards) throws Exception {
    Path checkpoint = folder.resolve(torch + "-" + shards);
    RandomCheckpoint.write(checkpoint, new RandomCheckpoint.Size(2, 64, 4, 300, 32), torch, shards);
    ExportOptions options =
        ExportOptions.builder(checkpoint, folder.resolve("out-" + torch + shards))
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
