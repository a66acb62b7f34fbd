package dev.polylm.cli;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import java.nio.file.Path;
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
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "How many threads a run uses; 0, the default, means one for each physical core.")
  private int threads;

  @Option(
      names = "--verify",
      paramLabel = "WHICH",
      defaultValue = "small",
      description =
          "Which files are compared with the manifest's hashes: none, small (all but weights of"
              + " more than 256 MB, the default) or all.")
  private PolyLmOptions.Verify verify = PolyLmOptions.Verify.SMALL;

  /** Opens the model. */
  PolyLm open(Streams streams) {
    return open(streams, PolyLmOptions.builder());
  }

  /** Opens the model with further settings. */
  PolyLm open(Streams streams, PolyLmOptions.Builder settings) {
    return model.open(streams, options(settings));
  }

  /** Opens another model in the same way. */
  PolyLm open(Path directory) {
    return PolyLm.open(directory, options(PolyLmOptions.builder()));
  }

  private PolyLmOptions options(PolyLmOptions.Builder settings) {
    try {
      return settings.threads(threads).verify(verify).build();
    } catch (PolyLmException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
