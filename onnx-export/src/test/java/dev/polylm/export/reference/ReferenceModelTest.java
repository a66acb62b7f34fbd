package dev.polylm.export.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polylm.PolyLmException;
import dev.polylm.export.checkpoint.Checkpoint;
import dev.polylm.export.parallel.Workers;
import dev.polylm.export.reference.ActivationObserver.ProjectionKind;
import dev.polylm.export.tensor.StoredTensor;
import dev.polylm.export.weights.ArrayTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReferenceModelTest {
  private static final Path CHECKPOINTS = Path.of("src/test/resources/checkpoints");
  private static final String POSITIONS = "transformer.wpe.weight";
  private static final ObjectMapper JSON = new ObjectMapper();
  private final Workers workers = new Workers(2);

  @AfterEach
  void close() {
    workers.close();
  }

  static List<Path> checkpoints() throws IOException {
    try (Stream<Path> folders = Files.list(CHECKPOINTS)) {
      return folders.filter(Files::isDirectory).sorted().toList();
    }
  }

  @Test
  void thereAreFourteenCheckpoints() throws IOException {
    assertThat(checkpoints()).hasSize(14);
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void logitsAreHuggingFaces(Path folder) throws IOException {
    JsonNode reference = JSON.readTree(folder.resolve("reference.json").toFile());
    int[] inputIds = JSON.convertValue(reference.get("input_ids"), int[].class);
    float[][] expected = JSON.convertValue(reference.get("logits"), float[][].class);
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      ReferenceModel model = open(checkpoint, UnaryOperator.identity());
      float[][] logits = model.logits(inputIds, IntStream.range(0, inputIds.length).toArray());
      for (int position = 0; position < inputIds.length; position++) {
        assertThat(distance(logits[position], expected[position])).isLessThan(1e-4f);
      }
    }
  }

  /** Sequences side by side don't see each other. */
  @Test
  void severalSequencesGiveWhatEachGives() throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(CHECKPOINTS.resolve("four-heads-odd-vocab"))) {
      ReferenceModel model = open(checkpoint, UnaryOperator.identity());
      int[] first = {5, 6, 7};
      int[] second = {300, 9};
      float[][] hidden = model.hiddenStates(List.of(first, second), ActivationObserver.NONE);
      assertThat(hidden).hasDimensions(5, 32);
      float[][] together = model.logits(new float[][] {hidden[2], hidden[4]});
      assertThat(together[0]).isEqualTo(model.logits(first, new int[] {2})[0]);
      assertThat(together[1]).isEqualTo(model.logits(second, new int[] {1})[0]);
    }
  }

  /** As ids without gaps do where the table of positions is closed up. */
  @Test
  void positionsMayBeLeftOut() {
    try (Checkpoint checkpoint = Checkpoint.open(CHECKPOINTS.resolve("untied-head"))) {
      PlacedIds placed = new PlacedIds(new int[] {5, 6, 7}, new int[] {0, 9, 63});
      float[][] found =
          open(checkpoint, UnaryOperator.identity())
              .beginPlaced(List.of(placed), ActivationObserver.NONE)
              .finish();
      ReferenceModel closedUp =
          open(
              checkpoint,
              tensors -> {
                tensors.compute(POSITIONS, (name, table) -> rows(table, 0, 9, 63));
                return tensors;
              });
      assertThat(found)
          .isDeepEqualTo(
              closedUp.hiddenStates(List.of(new int[] {5, 6, 7}), ActivationObserver.NONE));
    }
  }

  /** A table that begins with some rows of another. */
  private static StoredTensor rows(StoredTensor table, int... rows) {
    int width = table.shape().get(1).intValue();
    float[] values = new float[table.shape().get(0).intValue() * width];
    for (int i = 0; i < rows.length; i++) {
      table.read((long) rows[i] * width, values, i * width, width);
    }
    return ArrayTensor.of(POSITIONS, values, table.shape().get(0), width);
  }

  @Test
  void aPassTakesManySequencesInChunks() {
    try (Checkpoint checkpoint = Checkpoint.open(CHECKPOINTS.resolve("four-heads-odd-vocab"))) {
      ReferenceModel model = open(checkpoint, UnaryOperator.identity());
      List<int[]> sequences =
          IntStream.range(0, 40)
              .mapToObj(i -> IntStream.range(0, 1 + i).map(t -> (7 * i + 3 * t) % 300).toArray())
              .toList();
      List<String> layers = new ArrayList<>();
      ActivationObserver observer =
          new ActivationObserver() {
            @Override
            public void onQueriesKeysValues(int layer, float[][] qkv) {
              layers.add(layer + ": " + qkv.length);
            }
          };
      LayerwisePass pass = model.begin(sequences, observer);
      assertThat(pass.layer()).isZero();
      pass.advance();
      assertThat(pass.layer()).isEqualTo(1);
      assertThat(layers).containsExactly("0: 496", "0: 324");
      float[][] hidden = pass.finish();
      assertThat(layers).hasSize(6).endsWith("2: 496", "2: 324");
      float[][] alone = model.hiddenStates(sequences.subList(39, 40), ActivationObserver.NONE);
      assertThat(hidden).hasDimensions(820, 32);
      for (int t = 0; t < 40; t++) {
        assertThat(hidden[780 + t]).isEqualTo(alone[t]);
      }
    }
  }

  @Test
  void outputsGroupedByHeadsAreTakenApart() {
    float[] qkv = {0, 1, 10, 11, 20, 21, 2, 3, 12, 13, 22, 23}; // two heads of width 2
    assertThat(Elementwise.grouped(qkv, 2, 2))
        .containsExactly(0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23);
  }

  @Test
  void theObserverSeesEachProjectionsInput() {
    List<String> seen = new ArrayList<>();
    ActivationObserver observer =
        new ActivationObserver() {
          @Override
          public void onProjectionInput(ProjectionKind projection, int layer, float[][] rows) {
            seen.add("%d %s %dx%d".formatted(layer, projection, rows.length, rows[0].length));
          }

          @Override
          public void onQueriesKeysValues(int layer, float[][] qkv) {
            seen.add("%d qkv %dx%d".formatted(layer, qkv.length, qkv[0].length));
          }
        };
    try (Checkpoint checkpoint = Checkpoint.open(CHECKPOINTS.resolve("narrow-mlp-relu"))) {
      open(checkpoint, UnaryOperator.identity())
          .hiddenStates(List.of(new int[] {1, 2}, new int[] {3}), observer);
    }
    assertThat(seen)
        .containsExactly(
            "0 ATTENTION_INPUT 3x32",
            "0 qkv 3x96",
            "0 ATTENTION_OUTPUT 3x32",
            "0 MLP_INPUT 3x32",
            "0 MLP_OUTPUT 3x96",
            "1 ATTENTION_INPUT 3x32",
            "1 qkv 3x96",
            "1 ATTENTION_OUTPUT 3x32",
            "1 MLP_INPUT 3x32",
            "1 MLP_OUTPUT 3x96",
            "2 HEAD 3x32");
  }

  @Test
  void refusesSequencesThatTheModelCannotTake() {
    try (Checkpoint checkpoint = Checkpoint.open(CHECKPOINTS.resolve("untied-head"))) {
      ReferenceModel model = open(checkpoint, UnaryOperator.identity());
      assertThatThrownBy(() -> model.logits(new int[0], new int[0]))
          .isInstanceOf(PolyLmException.class)
          .hasMessage("a sequence has 0 ids, expected 1 to 64");
      assertThatThrownBy(() -> model.logits(new int[65], new int[0]))
          .isInstanceOf(PolyLmException.class)
          .hasMessage("a sequence has 65 ids, expected 1 to 64");
      assertThatThrownBy(() -> model.logits(new int[] {1, 320}, new int[0]))
          .isInstanceOf(PolyLmException.class)
          .hasMessage("a sequence has the id 320, expected 0 to 319");
      assertThatThrownBy(() -> model.logits(new int[] {-1}, new int[0]))
          .isInstanceOf(PolyLmException.class)
          .hasMessage("a sequence has the id -1, expected 0 to 319");
      PlacedIds outside = new PlacedIds(new int[] {1, 2}, new int[] {0, 64});
      assertThatThrownBy(() -> model.beginPlaced(List.of(outside), ActivationObserver.NONE))
          .isInstanceOf(PolyLmException.class)
          .hasMessage("a sequence has the position 64, expected 0 to 63");
    }
  }

  @Test
  void namesTheTensorThatIsMissingOrOfAnotherShape() {
    try (Checkpoint checkpoint = Checkpoint.open(CHECKPOINTS.resolve("safetensors-fp32"))) {
      assertThatThrownBy(
              () ->
                  open(
                      checkpoint,
                      tensors -> {
                        tensors.remove("transformer.h.1.mlp.c_fc.bias");
                        return tensors;
                      }))
          .isInstanceOf(PolyLmException.class)
          .hasMessage("checkpoint: has no tensor transformer.h.1.mlp.c_fc.bias");
      assertThatThrownBy(
              () ->
                  open(
                      checkpoint,
                      tensors -> {
                        tensors.put(
                            "transformer.h.1.mlp.c_proj.weight",
                            tensors.get("transformer.h.1.mlp.c_fc.weight"));
                        return tensors;
                      }))
          .isInstanceOf(PolyLmException.class)
          .hasMessage(
              "model.safetensors: tensor transformer.h.1.mlp.c_fc.weight has shape [32, 128],"
                  + " expected [128, 32]");
    }
  }

  private ReferenceModel open(
      Checkpoint checkpoint, UnaryOperator<Map<String, StoredTensor>> change) {
    return ReferenceModel.open(
        checkpoint.config(), change.apply(new TreeMap<>(checkpoint.tensors())), workers);
  }

  private static float distance(float[] a, float[] b) {
    assertThat(a).hasSameSizeAs(b);
    float distance = 0;
    for (int i = 0; i < a.length; i++) {
      distance = Math.max(distance, Math.abs(a[i] - b[i]));
    }
    return distance;
  }
}
