package dev.polylm.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports fixtures whose c_attn was put into Megatron-LM's order beforehand. */
class InterleavedQkvTest {
  @TempDir private Path folder;

  @Test
  void isPutBackIntoOrder() throws Exception {
    Path plain = ReferenceModel.FIXTURES.resolve("four-heads-odd-vocab");
    Path checkpoint = Files.createDirectory(folder.resolve("interleaved"));
    Files.copy(plain.resolve("config.json"), checkpoint.resolve("config.json"));
    JsonNode config = new ObjectMapper().readTree(plain.resolve("config.json").toFile());
    byte[] file = Files.readAllBytes(plain.resolve("model.safetensors"));
    interleave(file, config.path("n_head").asInt());
    Files.write(checkpoint.resolve("model.safetensors"), file);

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

  /** Reorders the outputs, the last dimension of Conv1D's tensors, to [heads, 3, headDim]. */
  private static void interleave(byte[] file, int heads) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int header = Math.toIntExact(bytes.getLong(0));
    String json = new String(file, Long.BYTES, header, StandardCharsets.UTF_8);
    for (Map.Entry<String, JsonNode> entry : new ObjectMapper().readTree(json).properties()) {
      if (entry.getKey().contains("c_attn")) {
        JsonNode shape = entry.getValue().path("shape");
        int start = Long.BYTES + header + entry.getValue().at("/data_offsets/0").asInt();
        int end = Long.BYTES + header + entry.getValue().at("/data_offsets/1").asInt();
        int outputs = shape.path(shape.size() - 1).asInt();
        interleave(bytes.slice(start, end - start).order(ByteOrder.LITTLE_ENDIAN), outputs, heads);
      }
    }
  }

  private static void interleave(ByteBuffer tensor, int outputs, int heads) {
    int width = outputs / 3 / heads;
    float[] row = new float[outputs];
    for (int at = 0; at < tensor.capacity(); at += outputs * Float.BYTES) {
      tensor.slice(at, outputs * Float.BYTES).order(tensor.order()).asFloatBuffer().get(row);
      for (int i = 0; i < outputs; i++) {
        int part = i / width / heads;
        int head = i / width % heads;
        int moved = (head * 3 + part) * width + i % width;
        tensor.putFloat(at + moved * Float.BYTES, row[i]);
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
