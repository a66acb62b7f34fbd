package dev.polylm.cli;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmOptions;
import dev.polylm.internal.model.ModelDirectory;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which model a command uses. */
final class ModelOptions {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "A folder that polylm export wrote; without it the embedded polylm-tiny.")
  private @Nullable Path directory;

  /** Opens the model to run it. */
  PolyLm open(PolyLmOptions options) {
    return directory == null ? PolyLm.openEmbedded(options) : PolyLm.open(directory, options);
  }

  /** Opens the model's files alone, for what needs no graph. */
  ModelDirectory openDirectory() {
    return directory == null ? ModelDirectory.openEmbedded() : ModelDirectory.open(directory);
  }
}
