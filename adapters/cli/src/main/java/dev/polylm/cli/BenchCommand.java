package dev.polylm.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmOptions;
import dev.polylm.model.FileFacts;
import dev.polylm.model.Manifest;
import dev.polylm.model.ModelDimensions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures a model's speed on this machine. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measures how fast a model reads prompts and generates here: with one to 16 rows in a step,"
          + " and with short to long prompts.",
      "A share is what was reached of what this machine can do at most. A step can't take less"
          + " time than to read all weights from memory, or to multiply each row by them. Reading a"
          + " prompt can't take less than to multiply each token by the weights of the layers. How"
          + " fast the machine multiplies is measured with 8-bit integers if the model's weights"
          + " are integers, else with 32-bit floats."
    })
final class BenchCommand implements Callable<Integer> {
  private static final String WEIGHTS = "model.onnx.data";
  private static final int SHORT_CONTEXT = 100;

  /** In squares of the hidden size: four in the attention, eight in the feed-forward network. */
  private static final double WEIGHTS_OF_A_LAYER = 12;

  private final Streams streams;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--rows",
      paramLabel = "N",
      split = ",",
      defaultValue = "1,2,4,8,16",
      description = "How many requests run at once; 1,2,4,8,16 without it.")
  private int[] rows = {};

  @Option(
      names = "--context",
      paramLabel = "N",
      split = ",",
      description = "The lengths of prompts; without it from 100 to the end of the context.")
  private int[] contexts = {};

  @Option(
      names = "--tokens",
      paramLabel = "N",
      defaultValue = "32",
      description = "How many tokens each request generates; 32 without it.")
  private int tokens;

  @Option(names = "--json", description = "Prints a JSON object.")
  private boolean json;

  @Mixin private RunOptions model = new RunOptions();

  /**
   * What the machine can do, and what that would mean for the model.
   *
   * @param readBytes the bytes of memory that it reads in a second
   * @param multiplyAdds the numbers that it multiplies and adds in a second
   * @param numberType what these numbers are
   * @param fileBytes the bytes of the weights, which each decoding step reads
   * @param weightsOfLayers what a token of a prompt is multiplied by
   * @param weightsOfHead what the last state of a prompt and of each row is multiplied by, too
   */
  private record Limits(
      double readBytes,
      double multiplyAdds,
      String numberType,
      double fileBytes,
      double weightsOfLayers,
      double weightsOfHead) {
    static Limits of(Manifest manifest, MachineProbe probe) {
      FileFacts file = manifest.files().get(WEIGHTS);
      ModelDimensions model = manifest.model();
      double hidden = model.hiddenSize();
      boolean integers = manifest.weights().startsWith("int");
      return new Limits(
          probe.readBytesPerSecond(),
          integers ? probe.integerMultiplyAddsPerSecond() : probe.multiplyAddsPerSecond(),
          integers ? "int8" : "fp32",
          file == null ? Double.NaN : file.bytes(),
          WEIGHTS_OF_A_LAYER * model.layers() * hidden * hidden,
          model.vocabSize() * hidden);
    }

    /** Returns the share of the tokens of prompts that could be read in a second. */
    double shareOfPrefill(Bench.Speed speed) {
      return speed.prefillRate() * weightsOfLayers / multiplyAdds;
    }

    /** Returns the share of the decoding steps that could be made in a second. */
    double shareOfDecode(Bench.Speed speed) {
      double reading = fileBytes / readBytes;
      double multiplying = speed.rows() * (weightsOfLayers + weightsOfHead) / multiplyAdds;
      return speed.stepsRate() * Math.max(reading, multiplying);
    }
  }

  BenchCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    if (tokens < 2 || Arrays.stream(rows).anyMatch(n -> n < 1)) {
      throw new ParameterException(
          spec.commandLine(), "--rows must be at least 1, and --tokens at least 2");
    }
    int most = Arrays.stream(rows).max().orElse(1);
    try (PolyLm polyLm =
        model.open(streams, PolyLmOptions.builder().prefixReuse(false).maxRows(most))) {
      int context = polyLm.manifest().model().contextLength();
      MachineProbe probe = new MachineProbe(Runtime.getRuntime().availableProcessors());
      Limits limits = Limits.of(polyLm.manifest(), probe);
      List<Bench.Speed> speeds = measure(polyLm, context);
      String name = polyLm.manifest().name();
      streams.print(json ? json(name, limits, speeds) + "\n" : table(name, limits, speeds));
      return ExitCodes.OK;
    }
  }

  private List<Bench.Speed> measure(PolyLm polyLm, int contextLength) {
    int longest = contextLength - tokens;
    int shortest = Math.min(SHORT_CONTEXT, longest);
    if (contexts.length == 0) {
      contexts = new int[] {shortest, longest / 2, longest};
    }
    for (int context : contexts) {
      if (context < 1 || context > longest) {
        throw new ParameterException(
            spec.commandLine(),
            "--context is %s, must be from 1 to %s: %s reads %s tokens, new ones included"
                .formatted(context, longest, polyLm.manifest().name(), contextLength));
      }
    }
    Bench bench = new Bench(polyLm, tokens);
    List<Bench.Speed> speeds = new ArrayList<>();
    int runs = rows.length + contexts.length - 1;
    try (Progress progress = Progress.ofItems(streams, "Measuring", "runs", runs)) {
      for (int n : rows) {
        progress.show(speeds.size(), n + " rows");
        speeds.add(bench.measure(n, contexts[0]));
      }
      for (int i = 1; i < contexts.length; i++) {
        progress.show(speeds.size(), "a prompt of " + contexts[i]);
        speeds.add(bench.measure(1, contexts[i]));
      }
    }
    return speeds;
  }

  private static String table(String name, Limits limits, List<Bench.Speed> speeds) {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%s, %d cores, uses %.0f MB%nmemory is read at %.1f GB/s, %s is multiplied and"
                    + " added at %.0f billion/s%n%n%5s %7s %12s %12s %6s %12s %6s%n",
                name,
                Runtime.getRuntime().availableProcessors(),
                Bench.residentBytes() / 1e6,
                limits.readBytes / 1e9,
                limits.numberType,
                limits.multiplyAdds / 1e9,
                "ROWS",
                "PROMPT",
                "FIRST TOKEN",
                "PREFILL",
                "SHARE",
                "DECODE",
                "SHARE"));
    for (Bench.Speed speed : speeds) {
      text.append(
          String.format(
              Locale.ROOT,
              "%5d %7d %9.0f ms %8.0f t/s %5.0f%% %8.1f t/s %5.0f%%%n",
              speed.rows(),
              speed.context(),
              1000 * speed.firstTokenSeconds(),
              speed.prefillRate(),
              100 * limits.shareOfPrefill(speed),
              speed.decodeRate(),
              100 * limits.shareOfDecode(speed)));
    }
    return text.toString();
  }

  private static ObjectNode json(String name, Limits limits, List<Bench.Speed> speeds) {
    ObjectNode all = JsonParts.object();
    all.put("model", name);
    all.put("cores", Runtime.getRuntime().availableProcessors());
    all.put("read_bytes_per_second", limits.readBytes);
    all.put("multiply_adds_per_second", limits.multiplyAdds);
    all.put("multiply_adds_type", limits.numberType);
    all.put("resident_bytes", Bench.residentBytes());
    ArrayNode list = all.putArray("speeds");
    for (Bench.Speed speed : speeds) {
      ObjectNode entry = list.addObject();
      entry.put("rows", speed.rows());
      entry.put("prompt_tokens", speed.context());
      entry.put("first_token_seconds", speed.firstTokenSeconds());
      entry.put("prefill_tokens_per_second", speed.prefillRate());
      entry.put("share_of_prefill_limit", limits.shareOfPrefill(speed));
      entry.put("decode_tokens_per_second", speed.decodeRate());
      entry.put("share_of_decode_limit", limits.shareOfDecode(speed));
    }
    return all;
  }
}
