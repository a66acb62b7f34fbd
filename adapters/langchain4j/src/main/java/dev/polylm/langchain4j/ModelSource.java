package dev.polylm.langchain4j;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.internal.model.ModelDirectory;
import dev.polylm.model.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The models that can be opened: their manifests, and what opens them.
 *
 * @param manifests the manifests by the models' names
 * @param openers what opens each model, by the models' names
 * @param adapters what the models can be used with
 */
record ModelSource(
    SortedMap<String, Manifest> manifests,
    Map<String, Supplier<PolyLm>> openers,
    NamedAdapters adapters) {

  /**
   * Returns the models of a place. At most one place is set; without any it is the class path.
   *
   * @throws IllegalArgumentException if two are set
   */
  static ModelSource of(
      @Nullable String modelPath,
      @Nullable String modelsPath,
      @Nullable PolyLm polyLm,
      NamedAdapters adapters,
      PolyLmOptions options) {
    checkOneSet(modelPath, modelsPath, polyLm);
    ModelSource source = new ModelSource(new TreeMap<>(), new TreeMap<>(), adapters);
    if (modelPath != null) {
      source.addFolder(Path.of(modelPath), options);
    } else if (modelsPath != null) {
      folders(Path.of(modelsPath)).forEach(folder -> source.addFolder(folder, options));
    } else if (polyLm != null) {
      source.add(polyLm.manifest(), polyLm::share, "the model that is shared");
    } else {
      source.add(embeddedManifest(), () -> PolyLm.openEmbedded(options), "the class path");
    }
    return source;
  }

  /** Returns the manifests by all names that a request may have, so also by MODEL:NAME. */
  SortedMap<String, Manifest> byName() {
    SortedMap<String, Manifest> all = new TreeMap<>(manifests);
    manifests.forEach(
        (model, manifest) ->
            adapters.names().forEach(name -> all.put(model + ":" + name, manifest)));
    return all;
  }

  private static void checkOneSet(
      @Nullable String modelPath, @Nullable String modelsPath, @Nullable PolyLm polyLm) {
    List<String> set = new ArrayList<>();
    if (modelPath != null) {
      set.add("modelPath");
    }
    if (modelsPath != null) {
      set.add("modelsPath");
    }
    if (polyLm != null) {
      set.add("polyLm");
    }
    if (set.size() > 1) {
      throw new IllegalArgumentException(
          "%s are set; set only one of them".formatted(String.join(" and ", set)));
    }
  }

  private static Manifest embeddedManifest() {
    try (ModelDirectory embedded = ModelDirectory.openEmbedded()) {
      return embedded.manifest();
    }
  }

  private void addFolder(Path folder, PolyLmOptions options) {
    Manifest manifest;
    try (ModelDirectory directory = ModelDirectory.open(folder)) {
      manifest = directory.manifest();
    }
    add(manifest, () -> PolyLm.open(folder, options), folder.toString());
  }

  private void add(Manifest manifest, Supplier<PolyLm> opener, String place) {
    if (manifests.put(manifest.name(), manifest) != null) {
      throw new PolyLmException(
          "%s: the model's name is %s, which another model in the same folder has too; names must differ"
              .formatted(place, manifest.name()));
    }
    openers.put(manifest.name(), opener);
  }

  /** Returns the exported models in a folder. Other contents of the folder are ignored. */
  private static List<Path> folders(Path modelsPath) {
    List<Path> folders;
    try (Stream<Path> entries = Files.list(modelsPath)) {
      folders =
          entries
              .filter(entry -> Files.isRegularFile(entry.resolve(Manifest.FILE_NAME)))
              .sorted()
              .toList();
    } catch (IOException e) {
      throw new PolyLmException(modelsPath + ": can't be read as a folder: " + e.getMessage(), e);
    }
    if (folders.isEmpty()) {
      throw new PolyLmException(
          modelsPath + ": holds no model; expected folders that polylm export wrote");
    }
    return folders;
  }
}
