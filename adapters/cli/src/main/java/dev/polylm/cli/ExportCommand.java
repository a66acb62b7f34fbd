package dev.polylm.cli;

import dev.polylm.cli.hub.HubCache;
import dev.polylm.export.ActivationType;
import dev.polylm.export.CacheType;
import dev.polylm.export.CalibrationMode;
import dev.polylm.export.ExportOptions;
import dev.polylm.export.ExportReport;
import dev.polylm.export.Exporter;
import dev.polylm.export.QkvLayout;
import dev.polylm.export.WeightType;
import dev.polylm.model.AdapterFacts;
import dev.polylm.model.GraphKind;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Converts a checkpoint. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = "Converts a Hugging Face checkpoint of a PolyLM into a folder that runs.")
final class ExportCommand implements Callable<Integer> {
  private static final double MEGABYTE = 1e6;

  private final Streams streams;

  @Option(
      names = "--checkpoint",
      paramLabel = "DIR",
      required = true,
      description =
          "The checkpoint: a folder with config.json, weights, tokenizer.model or tokenizer.json;"
              + " or owner/name of one in Hugging Face's cache.")
  private String checkpoint = "";

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "The folder to create.")
  private Path output = Path.of("");

  @Option(
      names = "--adapter",
      paramLabel = "DIR",
      description = "A LoRA adapter to merge: adapter_config.json, adapter_model.safetensors.")
  private @Nullable Path adapter;

  @ArgGroup(exclusive = false)
  private @Nullable RunTimeAdapters runTimeAdapters;

  /** What the graph allows of adapters that requests choose. */
  static final class RunTimeAdapters {
    @Option(
        names = "--run-time-adapters",
        required = true,
        description =
            "Makes a graph that takes LoRA adapters, which requests choose; polylm adapter converts"
                + " them.")
    boolean asked;

    @Option(
        names = "--max-rank",
        paramLabel = "N",
        defaultValue = "" + AdapterFacts.DEFAULT_MAX_RANK,
        description = "The highest rank of such an adapter, 64 by default.")
    int maxRank;

    @Option(
        names = "--adapter-slots",
        paramLabel = "N",
        defaultValue = "" + AdapterFacts.DEFAULT_SLOTS,
        description = "How many such adapters may share a step, 8 by default.")
    int slots;

    @Option(
        names = "--adapter-head",
        description = "Such adapters may also change the head, lm_head.")
    boolean head;
  }

  @Option(
      names = "--weights",
      paramLabel = "TYPE",
      defaultValue = "int4",
      description = "The type of the weights: fp32, fp16 (for CUDA), int8, or int4, the default.")
  private WeightType weights = WeightType.INT4;

  @Option(
      names = "--activations",
      paramLabel = "TYPE",
      description =
          "The floats that the graph computes with: fp32, the default, or fp16, the default with"
              + " --weights fp16, which CUDA needs to keep the cache on a GPU.")
  private @Nullable ActivationType activations;

  @Option(
      names = "--block-size",
      paramLabel = "N",
      defaultValue = "128",
      description =
          "How many int4 or int8 weights share a scale: 16, 32, 64, or 128, the default and the"
              + " fastest.")
  private int blockSize;

  @Option(
      names = "--calibration",
      paramLabel = "MODE",
      defaultValue = "auto",
      description =
          "Whether the model reads texts to calibrate its int4 weights, which then lose less: on,"
              + " off, or auto, the default, which is on for up to 2 billion weights in the"
              + " layers.")
  private CalibrationMode calibration = CalibrationMode.AUTO;

  @Option(
      names = "--kv-cache",
      paramLabel = "TYPE",
      defaultValue = "fp32",
      description =
          "The type of the cached keys and values: fp32, the default (fp16 with --activations fp16),"
              + " or int8, which takes a quarter of the memory but does not work with fp16.")
  private CacheType kvCache = CacheType.FP32;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "How many threads convert weights. Default: one for each core.")
  private @Nullable Integer threads;

  @Option(
      names = "--graph",
      paramLabel = "KIND",
      defaultValue = "fused",
      description =
          "The operators: fused (ONNX Runtime's own), the default, or portable (the ONNX"
              + " standard's), which other programs run too.")
  private GraphKind graph = GraphKind.FUSED;

  @Option(
      names = "--no-tokenizer",
      description =
          "Exports no tokenizer, so the model takes ids only. Without this option the checkpoint"
              + " must have tokenizer.model or tokenizer.json.")
  private boolean noTokenizer;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The model's name. Default: the name of the checkpoint's folder.")
  private @Nullable String name;

  @Option(
      names = "--prompt-form",
      paramLabel = "FORM",
      description =
          "The form of the model's prompts: base, multialpaca or chat. Default: the form of the"
              + " checkpoint's chat template, or else the one in its folder's name, or else base.")
  private @Nullable String promptForm;

  @Option(
      names = "--qkv-layout",
      paramLabel = "LAYOUT",
      defaultValue = "auto",
      description =
          "The order of c_attn's outputs: concatenated (GPT-2's), interleaved (Megatron-LM's, by"
              + " heads), or auto, the default, which takes the order in which the model reads"
              + " texts better.")
  private QkvLayout qkvLayout = QkvLayout.AUTO;

  @Option(names = "--allow-non-finite", description = "Allows weights that are NaN or infinite.")
  private boolean allowNonFinite;

  @Option(
      names = "--verify",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description =
          "Compares the graph's logits with the checkpoint's and fails if they differ. This is the"
              + " default; --no-verify skips it.")
  private boolean verify = true;

  @Option(
      names = "--force",
      description = "Replaces an exported model that is already at the output.")
  private boolean force;

  ExportCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    ExportReport report;
    try (ExportProgress progress = new ExportProgress(streams)) {
      report = Exporter.export(options(), progress);
    }
    ExportedTensors.lines(report).forEach(streams::say);
    report.notes().forEach(note -> streams.say(note + "."));
    report.warnings().forEach(warning -> streams.say("Warning: " + warning + "."));
    if (report.verification() != null) {
      streams.say("Verified: " + report.verification() + ".");
    }
    streams.say(closingLine(report));
    for (Path leftover : report.leftovers()) {
      streams.say(
          "%s was left behind by an export that did not finish; remove it unless that export is still running."
              .formatted(leftover));
    }
    return ExitCodes.OK;
  }

  private ExportOptions options() {
    ExportOptions.Builder options =
        ExportOptions.builder(HubCache.checkpoint(checkpoint, streams.environment()), output)
            .weights(weights)
            .graph(graph)
            .blockSize(blockSize)
            .calibration(calibration)
            .kvCache(kvCache)
            .tokenizer(!noTokenizer)
            .qkvLayout(qkvLayout)
            .allowNonFinite(allowNonFinite)
            .verify(verify)
            .force(force);
    if (activations != null) {
      options.activations(activations);
    }
    if (adapter != null) {
      options.adapter(adapter);
    }
    if (runTimeAdapters != null) {
      options.runTimeAdapters(
          new AdapterFacts(runTimeAdapters.maxRank, runTimeAdapters.slots, runTimeAdapters.head));
    }
    if (threads != null) {
      options.threads(threads);
    }
    if (name != null) {
      options.name(name);
    }
    if (promptForm != null) {
      options.promptForm(promptForm);
    }
    return options.build();
  }

  private static String closingLine(ExportReport report) {
    double seconds = report.duration().toNanos() / 1e9;
    return String.format(
        Locale.ROOT,
        "Exported %s to %s: read %.1f MB, wrote %.1f MB in %.1f s (%.0f MB/s read).",
        report.manifest().name(),
        report.directory(),
        report.bytesRead() / MEGABYTE,
        report.bytesWritten() / MEGABYTE,
        seconds,
        report.bytesRead() / MEGABYTE / seconds);
  }
}
