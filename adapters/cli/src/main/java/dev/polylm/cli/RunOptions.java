package dev.polylm.cli;

import dev.polylm.Adapter;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.export.AdapterExporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say which model a command runs, and how. */
final class RunOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Mixin private ModelOptions model = new ModelOptions();

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "cpu",
      description =
          "Where the model runs: cpu, the default; cuda or cuda:N, a GPU; or auto, a GPU if CUDA"
              + " can be used.")
  private String device = "cpu";

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "How many threads a run uses; 0, the default, means one for each physical core that the"
              + " process may use.")
  private int threads;

  @Option(
      names = "--verify",
      paramLabel = "WHICH",
      defaultValue = "small",
      description =
          "Which files are compared with the manifest's hashes: none, small (all but weights of"
              + " more than 256 MB, the default) or all.")
  private PolyLmOptions.Verify verify = PolyLmOptions.Verify.SMALL;

  @Option(
      names = "--draft",
      paramLabel = "DIR",
      description =
          "The exported folder of a small model with the same vocabulary, which guesses tokens for"
              + " the model, as long as that makes answers come faster.")
  private @Nullable Path draft;

  @Option(
      names = "--adapter",
      paramLabel = "FILE|DIR",
      description =
          "An adapter that polylm adapter wrote, or PEFT's folder of one; the model must have been"
              + " exported with --run-time-adapters.")
  private @Nullable Path adapter;

  /** Opens the model, and says what a user should know of the device. */
  PolyLm open(Streams streams) {
    return open(streams, PolyLmOptions.builder());
  }

  /** Opens the model with further settings. */
  PolyLm open(Streams streams, PolyLmOptions.Builder settings) {
    return withAdapter(warned(model.open(streams, options(settings.draft(draft))), streams));
  }

  /** Returns a handle that uses the adapter, in place of the one given. */
  @SuppressWarnings("MustBeClosedChecker") // the caller closes the handle
  private PolyLm withAdapter(PolyLm opened) {
    if (adapter == null) {
      return opened;
    }
    try (opened) {
      return opened.withAdapter(
          Files.isDirectory(adapter) ? converted(opened, adapter) : opened.loadAdapter(adapter));
    }
  }

  private static Adapter converted(PolyLm opened, Path peft) {
    try {
      Path folder = Files.createTempDirectory("polylm-adapter-");
      Path file = folder.resolve(peft.toRealPath().getFileName() + ".adapter"); // its name
      try {
        AdapterExporter.export(peft, file, false);
        return opened.loadAdapter(file);
      } finally {
        Files.deleteIfExists(file);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new PolyLmException("%s: can't be converted: %s".formatted(peft, e), e);
    }
  }

  /** Opens another model in the same way. */
  PolyLm open(Path directory, Streams streams, PolyLmOptions.Builder settings) {
    return warned(PolyLm.open(directory, options(settings.draft(null))), streams);
  }

  private PolyLmOptions options(PolyLmOptions.Builder settings) {
    return built(settings.device(device).threads(threads).verify(verify), command.commandLine());
  }

  /**
   * Returns the options.
   *
   * @throws ParameterException if one is wrong
   */
  static PolyLmOptions built(PolyLmOptions.Builder settings, CommandLine command) {
    try {
      return settings.build();
    } catch (PolyLmException e) {
      throw new ParameterException(command, String.valueOf(e.getMessage()), e);
    }
  }

  private static PolyLm warned(PolyLm opened, Streams streams) {
    String name = opened.manifest().name();
    opened
        .placement()
        .warnings()
        .forEach(warning -> streams.say("Warning: %s %s".formatted(name, warning)));
    return opened;
  }
}
