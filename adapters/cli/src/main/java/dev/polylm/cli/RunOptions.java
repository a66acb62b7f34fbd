package dev.polylm.cli;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmOptions;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say which model a command runs, and how. */
final class RunOptions {
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
  PolyLm open() {
    return model.open(options());
  }

  /** Opens another model in the same way. */
  PolyLm open(Path directory) {
    return PolyLm.open(directory, options());
  }

  private PolyLmOptions options() {
    return PolyLmOptions.builder().threads(threads).verify(verify).build();
  }
}
