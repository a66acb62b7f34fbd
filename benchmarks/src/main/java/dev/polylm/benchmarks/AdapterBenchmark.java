package dev.polylm.benchmarks;

import dev.polylm.Adapter;
import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import dev.polylm.internal.adapter.AdapterFile;
import dev.polylm.internal.adapter.AdapterMatrix;
import dev.polylm.internal.adapter.AdapterMatrix.Shape;
import dev.polylm.model.ModelDimensions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Measures what adapters cost: steps of one row and of eight, without adapters and with one for
 * each row, in turn. The adapters have random numbers on the four matrices of each layer.
 *
 * <p>Usage: {@code java -cp "benchmarks/target/classes:benchmarks/target/lib/*"
 * dev.polylm.benchmarks.AdapterBenchmark MODEL [RANK [ROUNDS [TOKENS [PLAIN]]]]}, where MODEL was
 * exported with {@code --run-time-adapters}, and PLAIN without, to see what the additional
 * operators cost.
 */
public final class AdapterBenchmark {
  private static final int ROWS = 8;
  private static final int PROMPT = 16;

  private AdapterBenchmark() {}

  public static void main(String[] args) throws IOException {
    int rank = args.length > 1 ? Integer.parseInt(args[1]) : 16;
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 7;
    int tokens = args.length > 3 ? Integer.parseInt(args[3]) : 32;
    Path file = Files.createTempFile("polylm-", ".adapter");
    try (PolyLm model = PolyLm.open(Path.of(args[0]));
        PolyLm plain = args.length > 4 ? PolyLm.open(Path.of(args[4])) : model.share()) {
      write(file, model.manifest().model(), rank);
      List<Adapter> adapters = new ArrayList<>();
      for (int row = 0; row < ROWS; row++) {
        adapters.add(model.loadAdapter(file));
      }
      for (int rows : new int[] {1, ROWS}) {
        measure(model, plain, adapters.subList(0, rows), rounds, tokens);
      }
    } finally {
      Files.delete(file);
    }
  }

  private static void write(Path file, ModelDimensions dimensions, int rank) {
    int width = dimensions.hiddenSize();
    List<Shape> shapes = new ArrayList<>();
    for (int layer = 0; layer < dimensions.layers(); layer++) {
      String at = "h." + layer + ".";
      shapes.add(new Shape(at + "attn.c_attn", width, 3 * width, rank));
      shapes.add(new Shape(at + "attn.c_proj", width, width, rank));
      shapes.add(new Shape(at + "mlp.c_fc", width, 4 * width, rank));
      shapes.add(new Shape(at + "mlp.c_proj", 4 * width, width, rank));
    }
    Random random = new Random(1);
    AdapterFile.write(
        file,
        shapes,
        shape ->
            new AdapterMatrix(
                shape,
                numbers(random, shape.in() * shape.rank()),
                numbers(random, shape.rank() * shape.out())));
  }

  private static float[] numbers(Random random, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian() * 0.01f;
    }
    return numbers;
  }

  private static void measure(
      PolyLm model, PolyLm plain, List<Adapter> adapters, int rounds, int tokens) {
    double[] without = new double[rounds];
    double[] with = new double[rounds];
    double[] ofPlain = new double[rounds];
    for (int round = -1; round < rounds; round++) {
      List<GenerationRequest> requests = requests(adapters.size(), tokens, round + 1);
      List<GenerationRequest> adapted = new ArrayList<>();
      for (int row = 0; row < requests.size(); row++) {
        adapted.add(requests.get(row).withAdapter(adapters.get(row)));
      }
      double first = step(model, requests);
      double second = step(model, adapted);
      double third = step(plain, requests);
      if (round >= 0) { // the first warms up
        without[round] = first;
        with[round] = second;
        ofPlain[round] = third;
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%d rows, medians of a step: %.2f ms without adapters, %.2f with one a row (%.3f times),"
            + " %.2f in the plain graph%n",
        adapters.size(),
        median(without),
        median(with),
        median(with) / median(without),
        median(ofPlain));
  }

  private static List<GenerationRequest> requests(int rows, int tokens, int seed) {
    List<GenerationRequest> requests = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      int[] prompt = new int[PROMPT];
      int first = 100 + 1009 * seed + 127 * row;
      Arrays.setAll(prompt, i -> first + 37 * i);
      requests.add(
          GenerationRequest.ofIds(prompt)
              .withConfig(
                  GenerationConfig.builder().maxNewTokens(tokens).minNewTokens(tokens).build()));
    }
    return requests;
  }

  /** Returns the mean time of a step of the request that decoded last, in milliseconds. */
  private static double step(PolyLm polyLm, List<GenerationRequest> requests) {
    List<GenerationResult> results = polyLm.generateAll(requests);
    GenerationResult last = results.get(results.size() - 1);
    return last.timings().decode().toNanos() / 1e6 / last.timings().steps();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
