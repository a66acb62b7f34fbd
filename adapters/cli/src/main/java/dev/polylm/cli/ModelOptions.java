package dev.polylm.cli;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmOptions;
import dev.polylm.internal.model.ModelDirectory;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that says which model a command uses. */
final class ModelOptions {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "A folder that polylm export wrote. Default: the embedded polylm-tiny.")
  private @Nullable Path directory;

  /** Opens the model to run it. */
  PolyLm open(PolyLmOptions options) {
    return directory == null ? PolyLm.openEmbedded(options) : PolyLm.open(directory, options);
  }

  /** Opens only the model's files, for commands that need no graph. */
  ModelDirectory openDirectory() {
    return directory == null ? ModelDirectory.openEmbedded() : ModelDirectory.open(directory);
  }
}
