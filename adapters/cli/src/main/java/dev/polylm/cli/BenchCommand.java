package dev.polylm.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmOptions;
import dev.polylm.model.FileFacts;
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
      "The share is that of the speed at which this machine can read the weights from memory once"
          + " for each step, which is the limit of a row that is decoded alone."
    })
final class BenchCommand implements Callable<Integer> {
  private static final String WEIGHTS = "model.onnx.data";
  private static final int SHORT_CONTEXT = 100;

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
    double bandwidth = ReadBandwidth.measure(Runtime.getRuntime().availableProcessors());
    try (PolyLm polyLm =
        model.open(streams, PolyLmOptions.builder().prefixReuse(false).maxRows(most))) {
      int context = polyLm.manifest().model().contextLength();
      List<Bench.Speed> speeds = measure(polyLm, context);
      FileFacts weights = polyLm.manifest().files().get(WEIGHTS);
      double limit = weights == null ? Double.NaN : bandwidth / weights.bytes();
      streams.print(
          json
              ? json(polyLm.manifest().name(), bandwidth, limit, speeds) + "\n"
              : table(polyLm.manifest().name(), bandwidth, limit, speeds));
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

  private static String table(
      String name, double bandwidth, double limit, List<Bench.Speed> speeds) {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%s, %d cores, reads memory at %.1f GB/s, uses %.0f MB%n%n%5s %8s %12s %12s %12s"
                    + " %8s%n",
                name,
                Runtime.getRuntime().availableProcessors(),
                bandwidth / 1e9,
                Bench.residentBytes() / 1e6,
                "ROWS",
                "PROMPT",
                "FIRST TOKEN",
                "PREFILL",
                "DECODE",
                "SHARE"));
    for (Bench.Speed speed : speeds) {
      text.append(
          String.format(
              Locale.ROOT,
              "%5d %8d %9.0f ms %8.0f t/s %8.1f t/s %7.0f%%%n",
              speed.rows(),
              speed.context(),
              1000 * speed.firstTokenSeconds(),
              speed.prefillRate(),
              speed.decodeRate(),
              100 * speed.stepsRate() / limit));
    }
    return text.toString();
  }

  private static ObjectNode json(
      String name, double bandwidth, double limit, List<Bench.Speed> speeds) {
    ObjectNode all = JsonParts.object();
    all.put("model", name);
    all.put("cores", Runtime.getRuntime().availableProcessors());
    all.put("read_bytes_per_second", bandwidth);
    all.put("resident_bytes", Bench.residentBytes());
    ArrayNode list = all.putArray("speeds");
    for (Bench.Speed speed : speeds) {
      ObjectNode entry = list.addObject();
      entry.put("rows", speed.rows());
      entry.put("prompt_tokens", speed.context());
      entry.put("first_token_seconds", speed.firstTokenSeconds());
      entry.put("prefill_tokens_per_second", speed.prefillRate());
      entry.put("decode_tokens_per_second", speed.decodeRate());
      entry.put("share_of_read_limit", speed.stepsRate() / limit);
    }
    return all;
  }
}
