package dev.polylm.export.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.polylm.export.checkpoint.Activation;
import dev.polylm.export.checkpoint.ModelConfig;
import dev.polylm.export.files.HashedFile;
import dev.polylm.export.graph.FusedGraph;
import dev.polylm.export.graph.Graph;
import dev.polylm.export.graph.WeightFormat;
import dev.polylm.export.tensor.StoredTensor;
import dev.polylm.export.weights.ArrayTensor;
import dev.polylm.export.weights.ModelWeights;
import dev.polylm.export.weights.RandomTensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxWriterTest {
  private static final OnnxWriter.Progress SILENT = (name, done, total) -> {};
  @TempDir private Path folder;

  @Test
  void theModelNamesItsFormatProducerAndOperators() throws IOException {
    ModelProto model = write(graph(RandomTensors.conv1d("")));

    assertThat(model.getIrVersion()).isEqualTo(10);
    assertThat(model.getProducerName()).isEqualTo("polylm-onnx-export");
    assertThat(model.getProducerVersion()).isEqualTo("1.2.3");
    assertThat(
            model.getOpsetImportList().stream()
                .collect(Collectors.toMap(set -> set.getDomain(), set -> set.getVersion())))
        .isEqualTo(Map.of("", 21L, "com.microsoft", 1L));
    assertThat(entries(model.getMetadataPropsList())).isEqualTo(Map.of("key", "value"));
  }

  @Test
  void everyTensorIsWhereTheModelSays() throws IOException {
    Map<String, StoredTensor> stored = RandomTensors.conv1d("");
    ModelProto model = write(graph(stored));
    ByteBuffer data = data();

    int found = 0;
    for (TensorProto tensor : model.getGraph().getInitializerList()) {
      if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
        Map<String, String> place = entries(tensor.getExternalDataList());
        assertThat(place).containsEntry("location", "model.onnx.data");
        int offset = Integer.parseInt(place.get("offset"));
        assertThat(offset % 4096).isZero();
        ArrayTensor source = (ArrayTensor) stored.get(tensor.getName());
        assertThat(tensor.getDimsList()).isEqualTo(source.shape());
        assertThat(Integer.parseInt(place.get("length"))).isEqualTo(source.values().length * 4);
        assertThat(floats(data, offset, source.values().length)).isEqualTo(source.values());
        found++;
      }
    }
    assertThat(found).isEqualTo(stored.size()).isEqualTo(28);
  }

  @Test
  void largeTensorsAreAlignedForEverySystem() throws IOException {
    int wide = 40_000; // a matrix of 8 such rows has 1.28 MB
    ModelConfig config =
        new ModelConfig(wide, 12, 8, 1, 1, wide, Activation.RELU, 1e-5f, true, false, true);
    Map<String, StoredTensor> stored = new HashMap<>();
    for (String norm :
        List.of("ln_f", "h.0.ln_1", "h.0.ln_2", "h.0.attn.c_proj", "h.0.mlp.c_proj")) {
      put(stored, norm + ".weight", 8);
      put(stored, norm + ".bias", 8);
    }
    put(stored, "wte.weight", wide, 8);
    put(stored, "wpe.weight", 12, 8);
    put(stored, "h.0.attn.c_attn.weight", 24, 8);
    put(stored, "h.0.attn.c_attn.bias", 24);
    put(stored, "h.0.attn.c_proj.weight", 8, 8);
    put(stored, "h.0.mlp.c_fc.weight", wide, 8);
    put(stored, "h.0.mlp.c_fc.bias", wide);
    put(stored, "h.0.mlp.c_proj.weight", 8, wide);

    ModelProto model =
        write(FusedGraph.of(config, ModelWeights.of(config, stored), WeightFormat.float32()));

    ByteBuffer data = data();
    Map<String, Integer> offsets = offsets(model);
    for (String name : List.of("wte.weight", "h.0.mlp.c_fc.weight", "h.0.mlp.c_proj.weight")) {
      assertThat(offsets.get(name) % 65536).isZero();
    }
    float[] embedding = ((ArrayTensor) stored.get("wte.weight")).values();
    assertThat(floats(data, offsets.get("wte.weight"), embedding.length)).isEqualTo(embedding);
    float[] linear = ((ArrayTensor) stored.get("h.0.mlp.c_fc.weight")).values();
    assertThat(floats(data, offsets.get("h.0.mlp.c_fc.weight"), linear.length))
        .isEqualTo(transposed(linear, wide, 8));
  }

  @Test
  void hashesAreThoseOfTheFiles() {
    var files =
        new OnnxWriter("1.2.3", Map.of()).write(graph(RandomTensors.linear("")), folder, SILENT);

    assertThat(files).containsOnlyKeys("model.onnx", "model.onnx.data");
    files.forEach(
        (name, facts) -> assertThat(HashedFile.factsOf(folder.resolve(name))).isEqualTo(facts));
  }

  @Test
  void existingFilesStay() throws IOException {
    Files.writeString(folder.resolve("model.onnx.data"), "mine");

    assertThatThrownBy(() -> write(graph(RandomTensors.conv1d(""))))
        .hasMessageContaining("model.onnx.data: can't be written: FileAlreadyExistsException");
    assertThat(folder.resolve("model.onnx.data")).hasContent("mine");
  }

  private static Graph graph(Map<String, StoredTensor> stored) {
    ModelConfig config = RandomTensors.config();
    return FusedGraph.of(config, ModelWeights.of(config, stored), WeightFormat.float32());
  }

  private static void put(Map<String, StoredTensor> stored, String name, long... shape) {
    stored.put(name, ArrayTensor.random(name, shape));
  }

  private ModelProto write(Graph graph) throws IOException {
    new OnnxWriter("1.2.3", Map.of("key", "value")).write(graph, folder, SILENT);
    return ModelProto.parseFrom(Files.readAllBytes(folder.resolve("model.onnx")));
  }

  private static Map<String, Integer> offsets(ModelProto model) {
    return model.getGraph().getInitializerList().stream()
        .filter(tensor -> tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL)
        .collect(
            Collectors.toMap(
                TensorProto::getName,
                tensor -> Integer.parseInt(entries(tensor.getExternalDataList()).get("offset"))));
  }

  private ByteBuffer data() throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(folder.resolve("model.onnx.data")))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private static float[] floats(ByteBuffer data, int offset, int length) {
    float[] floats = new float[length];
    data.position(offset);
    data.asFloatBuffer().get(floats);
    return floats;
  }

  private static float[] transposed(float[] values, int rows, int columns) {
    float[] transposed = new float[values.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        transposed[j * rows + i] = values[i * columns + j];
      }
    }
    return transposed;
  }

  private static Map<String, String> entries(List<StringStringEntryProto> entries) {
    return entries.stream()
        .collect(
            Collectors.toMap(StringStringEntryProto::getKey, StringStringEntryProto::getValue));
  }
}
