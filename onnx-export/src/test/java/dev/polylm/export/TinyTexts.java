package dev.polylm.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * polylm-tiny and texts that it was neither trained nor calibrated on; what an export of it gives
 * for them on bare ONNX Runtime.
 */
final class TinyTexts {
  private static final Path TINY = Path.of("..", "examples", "polylm-tiny");
  private static final Path FIXTURES =
      Path.of("..", "integration-tests", "src", "test", "resources");
  private static final int EOS = 2;

  static final Path CHECKPOINT = TINY.resolve("checkpoint");

  private TinyTexts() {}

  /** The ids of each text that Hugging Face scored. */
  static List<long[]> scored() throws IOException {
    JsonNode scores = read("scores.json");
    Stream<long[]> answers =
        stream(scores.get("loglikelihood"))
            .map(
                fixture ->
                    Stream.of(ids(fixture.get("context_ids")), ids(fixture.get("continuation_ids")))
                        .flatMapToLong(Arrays::stream)
                        .toArray());
    Stream<long[]> whole = stream(scores.get("perplexity")).map(fixture -> ids(fixture.get("ids")));
    return Stream.concat(answers, whole).toList();
  }

  /** The logits of each text, [positions, vocabulary]. */
  static List<float[][]> logits(Path model, List<long[]> texts) throws Exception {
    List<float[][]> all = new ArrayList<>();
    try (OrtModel ort = new OrtModel(model, 1, 512)) {
      for (long[] text : texts) {
        all.add(ort.run(text, 0));
      }
    }
    return all;
  }

  /** The mean KL divergence of the next token's distribution. */
  static double divergence(List<float[][]> expected, List<float[][]> found) {
    double sum = 0;
    int count = 0;
    for (int text = 0; text < found.size(); text++) {
      for (int position = 0; position < found.get(text).length; position++) {
        sum += divergence(expected.get(text)[position], found.get(text)[position]);
        count++;
      }
    }
    return sum / count;
  }

  /** Of q from p: the sum of p log(p / q). */
  private static double divergence(float[] pLogits, float[] qLogits) {
    double[] p = logProbabilities(pLogits);
    double[] q = logProbabilities(qLogits);
    double sum = 0;
    for (int id = 0; id < p.length; id++) {
      sum += Math.exp(p[id]) * (p[id] - q[id]);
    }
    return sum;
  }

  private static double[] logProbabilities(float[] row) {
    double max = row[best(row)];
    double sum = 0;
    for (float logit : row) {
      sum += Math.exp(logit - max);
    }
    double[] result = new double[row.length];
    for (int id = 0; id < row.length; id++) {
      result[id] = row[id] - max - Math.log(sum);
    }
    return result;
  }

  /** The share of Hugging Face's greedy ids that a model finds too. */
  static double shareOfGreedyIds(Path model) throws Exception {
    int equal = 0;
    int all = 0;
    try (OrtModel ort = new OrtModel(model, 1, 256)) {
      for (JsonNode fixture : read("generation.json")) {
        if (fixture.get("name").textValue().equals("greedy")) {
          long[] expected = ids(fixture.get("sequences").get(0));
          long[] found = greedy(ort, ids(fixture.get("input_ids")), expected.length);
          for (int i = 0; i < expected.length; i++) {
            equal += found[i] == expected[i] ? 1 : 0;
          }
          all += expected.length;
        }
      }
    }
    if (all < 100) {
      throw new IllegalStateException("the fixtures have %d greedy ids".formatted(all));
    }
    return (double) equal / all;
  }

  private static long[] greedy(OrtModel model, long[] prompt, int length) throws Exception {
    long[] ids = new long[length];
    float[][] rows = model.run(prompt, 0);
    for (int i = 0; i < length; i++) {
      ids[i] = best(rows[rows.length - 1]);
      if (ids[i] == EOS) {
        break;
      }
      rows = model.run(new long[] {ids[i]}, prompt.length + i);
    }
    return ids;
  }

  private static int best(float[] row) {
    int best = 0;
    for (int id = 0; id < row.length; id++) {
      best = row[id] > row[best] ? id : best;
    }
    return best;
  }

  private static JsonNode read(String name) throws IOException {
    return new ObjectMapper().readTree(FIXTURES.resolve(name).toFile());
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static long[] ids(JsonNode array) {
    return stream(array).mapToLong(JsonNode::longValue).toArray();
  }
}
