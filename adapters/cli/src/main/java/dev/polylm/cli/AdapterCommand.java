package dev.polylm.cli;

import dev.polylm.export.AdapterExporter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Converts an adapter. */
@Command(
    name = "adapter",
    mixinStandardHelpOptions = true,
    description = {
      "Converts a PEFT LoRA adapter into a file that models load at run time.",
      "The model must have been exported with --run-time-adapters. To put an adapter into the"
          + " weights for good, use polylm export --adapter."
    })
final class AdapterCommand implements Callable<Integer> {
  private static final double MEGABYTE = 1e6;

  private final Streams streams;

  @Option(
      names = "--checkpoint-adapter",
      paramLabel = "DIR",
      required = true,
      description = "The adapter: a folder with adapter_config.json, adapter_model.safetensors.")
  private Path adapter = Path.of("");

  @Option(
      names = "--output",
      paramLabel = "FILE",
      required = true,
      description = "The file to create, such as my.adapter.")
  private Path output = Path.of("");

  @Option(names = "--force", description = "Replaces a file that is already at the output.")
  private boolean force;

  AdapterCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    AdapterExporter.Report report = AdapterExporter.export(adapter, output, force);
    report.warnings().forEach(warning -> streams.say("Warning: " + warning + "."));
    streams.say(
        String.format(
            Locale.ROOT,
            "Wrote %s: %s matrices of rank %s or less, %.1f MB.",
            output,
            report.matrices(),
            report.rank(),
            report.bytes() / MEGABYTE));
    return ExitCodes.OK;
  }
}
