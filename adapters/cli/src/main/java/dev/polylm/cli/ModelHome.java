package dev.polylm.cli;

import dev.polylm.PolyLmException;
import dev.polylm.internal.model.ModelDirectory;
import dev.polylm.model.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The folder of a user's models, which {@code POLYLM_HOME} names; without it {@code .polylm} in the
 * user's home. {@code --model} takes the name of a folder in it.
 */
final class ModelHome {
  static final String VARIABLE = "POLYLM_HOME";

  private static final String HINT =
      "Name a folder that polylm export wrote, or a model in %s; 'polylm models' lists them.";

  /** In each sentence about a device that can't be used. */
  private static final String OF_DEVICE = "device is ";

  private final Path folder;

  private ModelHome(Path folder) {
    this.folder = folder;
  }

  static ModelHome of(Map<String, String> environment) {
    String named = environment.getOrDefault(VARIABLE, "");
    return new ModelHome(
        named.isEmpty() ? Path.of(System.getProperty("user.home"), ".polylm") : Path.of(named));
  }

  Path folder() {
    return folder;
  }

  /**
   * Returns the folder of a model.
   *
   * @param model a folder, or else the name of a folder in this one
   * @return the first that exists; if none exists, the path of the former
   */
  Path find(String model) {
    Path path;
    try {
      path = Path.of(model);
    } catch (InvalidPathException e) {
      throw new PolyLmException(model + ": is no path: " + e.getReason(), e);
    }
    Path ofName = folder.resolve(path);
    boolean isName = path.getNameCount() == 1 && !Files.isDirectory(path);
    return isName && Files.isDirectory(ofName) ? ofName : path;
  }

  /**
   * Returns whether a text is the name of the embedded model, and no folder has it.
   *
   * @param model what {@link #find} takes
   */
  boolean isEmbedded(String model) {
    if (Files.isDirectory(find(model))) {
      return false;
    }
    try (ModelDirectory embedded = ModelDirectory.openEmbedded()) {
      return embedded.manifest().name().equals(model);
    } catch (PolyLmException e) {
      return false; // there is no model on the class path
    }
  }

  /**
   * Returns the failure of a command whose model can't be opened. If the device can't be used, the
   * model is not to blame.
   */
  PolyLmException unusableModel(PolyLmException e) {
    return String.valueOf(e.getMessage()).contains(OF_DEVICE)
        ? e
        : CommandException.unusableModel(e, HINT.formatted(folder));
  }

  /** Returns the models' folders, sorted by name. */
  List<Path> models() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(folder)) {
      return folders
          .filter(path -> Files.isRegularFile(path.resolve(Manifest.FILE_NAME)))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw Sentences.unreadable(folder.toString(), e);
    }
  }
}
