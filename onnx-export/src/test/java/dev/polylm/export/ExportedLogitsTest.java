package dev.polylm.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every fixture's exported graph, run by ONNX Runtime, against Hugging Face's own numbers. */
class ExportedLogitsTest {
  private static final float DELTA = 1e-4f;
  private static final Map<String, Path> EXPORTS = new ConcurrentHashMap<>();
  @TempDir private static Path folder;

  static Iterable<String> fixtures() {
    return ReferenceModel.names();
  }

  @Test
  void thereAreFourteenFixtures() {
    assertThat(ReferenceModel.names()).hasSize(14);
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void inOneRun(String name) throws Exception {
    ReferenceModel reference = ReferenceModel.of(name);
    try (OrtModel model = new OrtModel(exported(name), 1, 23)) {
      float[][] logits = model.run(reference.prompt(), 0);

      assertClose(reference, 0, logits);
    }
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void inTwoChunks(String name) throws Exception {
    ReferenceModel reference = ReferenceModel.of(name);
    long[] ids = reference.prompt();
    try (OrtModel model = new OrtModel(exported(name), 1, 32)) {
      float[][] first = model.run(Arrays.copyOfRange(ids, 0, 9), 0);
      float[][] second = model.run(Arrays.copyOfRange(ids, 9, 23), 9);

      assertClose(reference, 0, first);
      assertClose(reference, 9, second);
    }
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void tokenByToken(String name) throws Exception {
    ReferenceModel reference = ReferenceModel.of(name);
    try (OrtModel model = new OrtModel(exported(name), 1, 32)) {
      for (int i = 0; i < reference.prompt().length; i++) {
        assertClose(reference, i, model.run(new long[] {reference.prompt()[i]}, i));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void twoRowsOfDifferentLengths(String name) throws Exception {
    ReferenceModel reference = ReferenceModel.of(name);
    long[] ids = reference.prompt();
    long[] padded = Arrays.copyOf(Arrays.copyOf(ids, 5), 12);
    try (OrtModel model = new OrtModel(exported(name), 2, 32)) {
      long[][] prompts = {Arrays.copyOf(ids, 12), padded};
      float[][] first = model.run(prompts, new int[] {0, 0}, new int[] {12, 5});
      assertClose(reference, 0, Arrays.copyOf(first, 12));
      assertClose(reference, 0, Arrays.copyOfRange(first, 12, 17));

      for (int i = 0; i < 11; i++) {
        long[][] next = {{ids[12 + i]}, {ids[5 + i]}};
        float[][] step = model.run(next, new int[] {12 + i, 5 + i}, new int[] {1, 1});
        assertClose(reference, 12 + i, Arrays.copyOf(step, 1));
        assertClose(reference, 5 + i, Arrays.copyOfRange(step, 1, 2));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void greedyIds(String name) throws Exception {
    ReferenceModel reference = ReferenceModel.of(name);
    int prompt = reference.prompt().length;
    long[] generated = new long[reference.greedyIds().size()];
    try (OrtModel model = new OrtModel(exported(name), 1, 64)) {
      // The references were made without the end-of-sequence id, 2.
      generated[0] = best(model.run(reference.prompt(), 0)[prompt - 1], 2);
      for (int i = 1; i < generated.length; i++) {
        generated[i] = best(model.run(new long[] {generated[i - 1]}, prompt + i - 1)[0], 2);
      }
    }
    assertThat(generated)
        .containsExactly(reference.greedyIds().stream().mapToLong(Long::longValue).toArray());
  }

  private static Path exported(String name) {
    return EXPORTS.computeIfAbsent(
        name,
        fixture -> {
          ExportOptions options =
              ExportOptions.builder(
                      ReferenceModel.FIXTURES.resolve(fixture), folder.resolve(fixture))
                  .weights(WeightType.FP32)
                  .tokenizer(false)
                  .build();
          return Exporter.export(options, ExportListener.NONE).directory();
        });
  }

  private static long best(float[] logits, int except) {
    int best = except == 0 ? 1 : 0;
    for (int id = 0; id < logits.length; id++) {
      best = id != except && logits[id] > logits[best] ? id : best;
    }
    return best;
  }

  private static void assertClose(ReferenceModel reference, int position, float[][] logits) {
    for (int i = 0; i < logits.length; i++) {
      assertThat(logits[i]).containsExactly(reference.logitsAt(position + i), within(DELTA));
    }
  }
}
