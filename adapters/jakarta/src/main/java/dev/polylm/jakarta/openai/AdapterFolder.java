package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * The folder whose files clients may load. A client names a file by its path in the folder, or by
 * an absolute path. It learns nothing about what is outside, and a link can't lead there.
 */
final class AdapterFolder {
  static final String FIELD = "lora_path";

  private final Path folder;

  AdapterFolder(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  /**
   * Returns the file that a client names.
   *
   * @throws ApiException if it is not in the folder
   */
  Path file(String path) {
    Path named = named(path);
    try {
      Path real = folder.toRealPath();
      if (!named.startsWith(folder) && !named.startsWith(real)) {
        throw outside(path);
      }
      Path file = named.toRealPath();
      if (!file.startsWith(real)) {
        throw outside(path);
      }
      return file;
    } catch (IOException e) {
      throw ApiException.refused(
          404,
          "lora_path is %s, which the folder of adapters does not have.".formatted(show(path)));
    }
  }

  private Path named(String path) {
    try {
      return folder.resolve(path).normalize();
    } catch (InvalidPathException e) {
      throw outside(path);
    }
  }

  private static ApiException outside(String path) {
    return ApiException.badRequest(
        FIELD,
        "lora_path is %s, must be a file in the folder of polylm.server.adapter-folder."
            .formatted(show(path)));
  }

  private static String show(String path) {
    return Json.show(TextNode.valueOf(path));
  }
}
