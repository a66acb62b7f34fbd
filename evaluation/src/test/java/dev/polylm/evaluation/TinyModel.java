package dev.polylm.evaluation;

import static java.util.Objects.requireNonNull;

import dev.polylm.PolyLm;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** polylm-tiny as an exported folder, with another prompt form. */
final class TinyModel {
  private static final String FOLDER = "/META-INF/polylm-model/";
  private static final String MANIFEST = "manifest.json";

  private TinyModel() {}

  /** Copies polylm-tiny from the class path. */
  static Path copy(Path folder, String promptForm) throws IOException {
    Files.createDirectories(folder);
    String manifest = new String(read(MANIFEST), StandardCharsets.UTF_8);
    try (PolyLm model = PolyLm.openEmbedded()) {
      for (String file : List.copyOf(model.manifest().files().keySet())) {
        Files.write(folder.resolve(file), read(file));
      }
    }
    String changed =
        manifest.replace("\"prompt_form\" : \"base\"", "\"prompt_form\" : \"" + promptForm + "\"");
    Files.writeString(folder.resolve(MANIFEST), changed);
    return folder;
  }

  private static byte[] read(String file) throws IOException {
    try (InputStream in = PolyLm.class.getResourceAsStream(FOLDER + file)) {
      return requireNonNull(in, file).readAllBytes();
    }
  }
}
