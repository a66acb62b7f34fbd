package dev.polylm.cli;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.internal.model.ModelDirectory;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The option that says which model a command uses. */
final class ModelOptions {
  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description =
          "A folder that polylm export wrote, or the name of one in $POLYLM_HOME. Default: the"
              + " embedded polylm-tiny.")
  private @Nullable String model;

  /** Names the model by an argument, which goes instead of the option. */
  void setModel(CommandSpec command, String argument) {
    if (model != null) {
      throw new ParameterException(
          command.commandLine(), "the model is named twice: %s and %s".formatted(argument, model));
    }
    model = argument;
  }

  /** Opens the model to run it. */
  PolyLm open(Streams streams, PolyLmOptions options) {
    return open(streams, () -> PolyLm.openEmbedded(options), path -> PolyLm.open(path, options));
  }

  /** Opens only the model's files, for commands that need no graph. */
  ModelDirectory openDirectory(Streams streams) {
    return open(streams, ModelDirectory::openEmbedded, ModelDirectory::open);
  }

  private <T> T open(Streams streams, Supplier<T> embedded, Function<Path, T> inFolder) {
    ModelHome home = ModelHome.of(streams.environment());
    try {
      return model == null || home.isEmbedded(model)
          ? embedded.get()
          : inFolder.apply(home.find(model));
    } catch (PolyLmException e) {
      throw home.unusableModel(e);
    }
  }
}
