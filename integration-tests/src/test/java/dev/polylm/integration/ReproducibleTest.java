package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmOptions;
import dev.polylm.export.CacheType;
import dev.polylm.export.CalibrationMode;
import dev.polylm.export.ExportListener;
import dev.polylm.export.ExportOptions;
import dev.polylm.export.Exporter;
import dev.polylm.export.WeightType;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import dev.polylm.scoring.Score;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A reproducible request gets the same bits alone, again, and beside others. */
final class ReproducibleTest {
  private static final int PROMPTS = 40;
  private static final int NEW_TOKENS = 80;

  @TempDir private static Path folder;

  @ParameterizedTest
  @CsvSource({"FP32, FP32", "INT8, FP32", "INT4, FP32", "FP32, INT8"})
  void isTheSameAloneAgainAndBesideOthers(WeightType weights, CacheType cache) {
    try (PolyLm polyLm = PolyLm.open(exported(weights, cache))) {
      for (int prompt = 0; prompt < PROMPTS; prompt++) {
        GenerationRequest request = request(prompt).withConfig(config(prompt, true));
        List<Object> alone = answer(polyLm.generate(request));
        assertThat(answer(polyLm.generate(request)))
            .as("again, prompt %d", prompt)
            .isEqualTo(alone);
        assertThat(besideOthers(polyLm, prompt, () -> answer(polyLm.generate(request))))
            .as("beside others, prompt %d", prompt)
            .isEqualTo(alone);
      }
    }
  }

  /** A reproducible model's scores, embeddings and answers, without a word in the request. */
  @ParameterizedTest
  @CsvSource({"INT8, FP32", "INT4, FP32"})
  void aReproducibleModelAlwaysGivesTheSame(WeightType weights, CacheType cache) {
    PolyLmOptions options = PolyLmOptions.builder().reproducible(true).build();
    try (PolyLm polyLm = PolyLm.open(exported(weights, cache), options)) {
      for (int i = 5; i < PROMPTS; i += 5) {
        int prompt = i;
        List<Object> alone = everything(polyLm, prompt);
        assertThat(everything(polyLm, prompt)).as("again, prompt %d", prompt).isEqualTo(alone);
        assertThat(besideOthers(polyLm, prompt, () -> everything(polyLm, prompt)))
            .as("beside others, prompt %d", prompt)
            .isEqualTo(alone);
      }
    }
  }

  /** An answer, a score and an embedding, bit for bit. */
  private static List<Object> everything(PolyLm polyLm, int prompt) {
    GenerationConfig config =
        GenerationConfig.builder()
            .doSample(true)
            .seed(prompt)
            .maxNewTokens(10)
            .outputLogprobs(true)
            .build();
    List<Object> all = answer(polyLm.generate(request(prompt).withConfig(config)));
    int[] ids = ids(prompt);
    Score score = polyLm.score(Arrays.copyOf(ids, 8), Arrays.copyOfRange(ids, 8, ids.length));
    all.addAll(bits(score.tokenLogprobs()));
    all.addAll(bits(polyLm.embed(ids)));
    return all;
  }

  /** Else the test above could not fail. 8-bit activations amplify what a row's kernel changes. */
  @Test
  void withoutTheSettingSomeAnswersDiffer() {
    boolean different = false;
    try (PolyLm polyLm = PolyLm.open(exported(WeightType.INT4, CacheType.FP32))) {
      for (int prompt = 0; prompt < PROMPTS && !different; prompt++) {
        GenerationRequest request = request(prompt).withConfig(config(prompt, false));
        List<Object> alone = answer(polyLm.generate(request));
        different = !alone.equals(answer(polyLm.generate(request)));
      }
    }
    assertThat(different).isTrue();
  }

  private static Path exported(WeightType weights, CacheType cache) {
    Path directory = folder.resolve(weights + "-" + cache);
    if (Files.exists(directory)) {
      return directory; // of another test
    }
    ExportOptions options =
        ExportOptions.builder(Fixtures.CHECKPOINT, directory)
            .weights(weights)
            .kvCache(cache)
            .calibration(CalibrationMode.OFF)
            .build();
    return Exporter.export(options, ExportListener.NONE).directory();
  }

  /** Prompts of different lengths, many of which begin with the same ids. */
  private static int[] ids(int prompt) {
    int[] ids = new int[3 + prompt * 5];
    Arrays.setAll(ids, i -> 300 + (i * 37 + (i > 20 ? prompt * 101 : 0)) % 7000);
    return ids;
  }

  private static GenerationRequest request(int prompt) {
    return GenerationRequest.ofIds(ids(prompt));
  }

  private static GenerationConfig config(int seed, boolean reproducible) {
    return GenerationConfig.builder()
        .doSample(true)
        .seed(seed)
        .eosTokenId(List.of())
        .maxNewTokens(NEW_TOKENS)
        .outputLogprobs(true)
        .reproducible(reproducible)
        .build();
  }

  private static List<Object> besideOthers(
      PolyLm polyLm, int prompt, Supplier<List<Object>> wanted) {
    List<GenerationHandle> others = new ArrayList<>();
    for (int i = 1; i <= 8; i++) {
      int other = (prompt + i) % PROMPTS;
      others.add(polyLm.start(request(other).withConfig(config(other, false))));
    }
    try {
      return wanted.get();
    } finally {
      others.forEach(GenerationHandle::cancel);
      others.forEach(GenerationHandle::result);
    }
  }

  /** Ids and log-probabilities, which differ where a bit of the logits does. */
  private static List<Object> answer(GenerationResult result) {
    var sequence = result.sequences().get(0);
    List<Object> answer = new ArrayList<>();
    for (int id : sequence.ids()) {
      answer.add(id);
    }
    answer.addAll(bits(sequence.tokenLogprobs()));
    return answer;
  }

  private static List<Integer> bits(float[] values) {
    return IntStream.range(0, values.length)
        .mapToObj(i -> Float.floatToIntBits(values[i]))
        .toList();
  }
}
