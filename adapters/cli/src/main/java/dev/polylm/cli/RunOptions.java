package dev.polylm.cli;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which model a command runs, and how. */
final class RunOptions {
  @Mixin private ModelOptions model = new ModelOptions();

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description = "Threads of a run; 0, the default, is one a physical core.")
  private int threads;

  /** Opens the model. */
  PolyLm open() {
    return model.open(PolyLmOptions.builder().threads(threads).build());
  }
}
