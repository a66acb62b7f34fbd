package dev.polylm.benchmarks;

import dev.polylm.Placement;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmOptions;
import dev.polylm.chat.ChatSession;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Checks a device against the CPU, and measures it. {@code gpu-check.sh} makes the models and runs
 * it.
 *
 * <p>Usage: {@code GpuCheck same DEVICE MODEL}, {@code GpuCheck speed DEVICE MODEL GIGABYTES},
 * {@code GpuCheck memory DEVICE MODEL REQUESTS}, where GIGABYTES is the bandwidth of the device's
 * memory in a second.
 */
public final class GpuCheck {
  private static final List<String> PROMPTS =
      List.of(
          "Beijing is the capital of China.\nTranslate this sentence from English to Chinese.",
          "Italy\nTranslate this sentence from English to Polish.",
          "Germany\nTranslate this sentence from English to Thai.",
          "The",
          "Monday\nTranslate this sentence from English to French.");

  private static final int ROWS = 8;
  private static final int NEW_TOKENS = 64;
  private static final int PROMPT = 512;
  private static final int ROUNDS = 5;

  private GpuCheck() {}

  public static void main(String[] args) throws IOException {
    PolyLmOptions device = PolyLmOptions.builder().device(args[1]).prefixReuse(true).build();
    Path model = Path.of(args[2]);
    try (PolyLm polyLm = PolyLm.open(model, device)) {
      Placement placement = polyLm.placement();
      System.out.printf(
          Locale.ROOT,
          "%s in %s on %s, cache on %s, nodes on the CPU: %s%n",
          polyLm.manifest().name(),
          polyLm.manifest().weights(),
          placement.device(),
          placement.cache(),
          placement.onCpu());
      switch (args[0]) {
        case "same" -> {
          try (PolyLm cpu = PolyLm.open(model)) {
            System.out.println(same(polyLm, cpu));
          }
        }
        case "speed" -> speed(polyLm, weightBytes(model), Double.parseDouble(args[3]));
        case "memory" -> memory(polyLm, Integer.parseInt(args[3]));
        default -> throw new IllegalArgumentException(args[0]);
      }
      if (polyLm.manifest().runsWholeOnGpu()) {
        checkPlaces(placement);
      }
    }
  }

  /**
   * Checks that nothing of a model that a GPU can run whole is on the CPU.
   *
   * @throws IllegalStateException if something is
   */
  static void checkPlaces(Placement placement) {
    if (!placement.onCpu().isEmpty() || !placement.cache().equals(placement.device())) {
      throw new IllegalStateException(
          "on the CPU, expected on %s: nodes %s, cache on %s"
              .formatted(placement.device(), placement.onCpu(), placement.cache()));
    }
  }

  /**
   * Compares ids.
   *
   * @return what was compared
   * @throws IllegalStateException if ids differ
   */
  static String same(PolyLm polyLm, PolyLm cpu) {
    List<List<int[]>> found = new ArrayList<>();
    List<List<int[]>> expected = new ArrayList<>();
    for (GenerationConfig config : configs()) {
      found.add(ids(polyLm.generateAll(requests(config))));
      expected.add(ids(cpu.generateAll(requests(config))));
      for (GenerationRequest request : requests(config)) {
        found.add(ids(List.of(polyLm.generate(request))));
        expected.add(ids(List.of(cpu.generate(request))));
      }
    }
    found.add(conversation(polyLm));
    expected.add(conversation(cpu));
    int sequences = 0;
    for (int i = 0; i < found.size(); i++) {
      for (int j = 0; j < expected.get(i).size(); j++) {
        int[] ids = found.get(i).get(j);
        if (!Arrays.equals(ids, expected.get(i).get(j))) {
          throw new IllegalStateException(
              "answer %s of case %s is %s, the CPU's is %s"
                  .formatted(j, i, Arrays.toString(ids), Arrays.toString(expected.get(i).get(j))));
        }
        sequences++;
      }
    }
    return "%s sequences of greedy search, beams, batches and a conversation are the CPU's"
        .formatted(sequences);
  }

  private static List<GenerationConfig> configs() {
    return List.of(
        GenerationConfig.builder().maxNewTokens(40).build(),
        GenerationConfig.builder().maxNewTokens(40).numBeams(4).numReturnSequences(4).build(),
        GenerationConfig.builder().maxNewTokens(40).noRepeatNgramSize(2).numBeams(3).build());
  }

  private static List<GenerationRequest> requests(GenerationConfig config) {
    return PROMPTS.stream()
        .map(prompt -> GenerationRequest.ofPrompt(prompt).withConfig(config))
        .toList();
  }

  private static List<int[]> ids(List<GenerationResult> results) {
    return results.stream()
        .flatMap(result -> result.sequences().stream())
        .map(GeneratedSequence::ids)
        .toList();
  }

  /** Later turns reuse the cache of earlier ones. */
  private static List<int[]> conversation(PolyLm polyLm) {
    ChatSession chat = polyLm.chat();
    List<int[]> turns = new ArrayList<>();
    for (String prompt : PROMPTS) {
      chat.reply(prompt, GenerationConfig.builder().maxNewTokens(20).build());
      turns.add(chat.ids());
    }
    return turns;
  }

  private static long weightBytes(Path model) throws IOException {
    return Files.size(model.resolve("model.onnx.data"));
  }

  private static void speed(PolyLm polyLm, long weightBytes, double gigabytes) {
    double[] step = new double[ROUNDS];
    double[] prefill = new double[ROUNDS];
    double[] rows = new double[ROUNDS];
    for (int round = -1; round < ROUNDS; round++) {
      GenerationResult alone = polyLm.generate(random(polyLm, round, 8));
      GenerationResult read = polyLm.generate(random(polyLm, 100 + round, PROMPT));
      int seed = 200 + ROWS * round;
      long start = System.nanoTime();
      polyLm.generateAll(
          IntStream.range(0, ROWS).mapToObj(row -> random(polyLm, seed + row, 8)).toList());
      double together = (System.nanoTime() - start) / 1e9;
      if (round >= 0) { // the first warms up
        step[round] = alone.timings().perStep().toNanos() / 1e9;
        prefill[round] = read.timings().prefill().toNanos() / 1e9;
        rows[round] = together;
      }
    }
    double ofBandwidth = weightBytes / median(step) / 1e9 / gigabytes;
    System.out.printf(
        Locale.ROOT,
        "decoding %.1f tokens/s, which reads weights at %.0f%% of %.0f GB/s%n",
        1 / median(step),
        100 * ofBandwidth,
        gigabytes);
    System.out.printf(
        Locale.ROOT,
        "reading a prompt of %s ids: %.0f tokens/s%n",
        PROMPT,
        PROMPT / median(prefill));
    System.out.printf(
        Locale.ROOT, "%s rows: %.1f tokens/s%n", ROWS, ROWS * NEW_TOKENS / median(rows));
  }

  private static GenerationRequest random(PolyLm polyLm, int seed, int length) {
    int vocabSize = polyLm.manifest().model().vocabSize();
    GenerationConfig config =
        GenerationConfig.builder().maxNewTokens(NEW_TOKENS).minNewTokens(NEW_TOKENS).build();
    int[] ids = new Random(seed).ints(length, 0, vocabSize).toArray();
    return GenerationRequest.ofIds(ids).withConfig(config);
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  /** The memory after a tenth of the requests, and after all. */
  private static void memory(PolyLm polyLm, int requests) throws IOException {
    GenerationConfig config = GenerationConfig.builder().maxNewTokens(8).numBeams(2).build();
    String early = "";
    for (int i = 0; i < requests; i++) {
      polyLm.generate(random(polyLm, i, 8 + i % 64).withConfig(config));
      if (i == requests / 10) {
        early = memoryUsed();
      }
    }
    System.out.printf(Locale.ROOT, "GPU memory after %s requests: %s%n", requests / 10, early);
    System.out.printf(Locale.ROOT, "GPU memory after %s requests: %s%n", requests, memoryUsed());
  }

  private static String memoryUsed() throws IOException {
    Process process =
        new ProcessBuilder("nvidia-smi", "--query-gpu=memory.used", "--format=csv,noheader")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (InputStream out = process.getInputStream()) {
      return new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }
}
