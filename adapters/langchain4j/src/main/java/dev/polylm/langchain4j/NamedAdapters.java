package dev.polylm.langchain4j;

import static java.util.Objects.requireNonNull;

import dev.polylm.Adapter;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The adapters of a builder by name; MODEL:NAME is a model with one of them.
 *
 * @param files what is loaded when a request first needs it, and closed with the models
 * @param loaded what the builder's model has loaded, which belongs to the caller
 */
record NamedAdapters(Map<String, Path> files, Map<String, Adapter> loaded) {
  /**
   * Returns adapters that the model can use.
   *
   * @param polyLm the model that loaded those that are loaded; null if there is none
   * @throws IllegalArgumentException if there is none, or two adapters have one name
   * @throws PolyLmException if another model loaded one, or it is closed
   */
  static NamedAdapters of(
      Map<String, String> files, Map<String, Adapter> loaded, @Nullable PolyLm polyLm) {
    if (polyLm == null && !loaded.isEmpty()) {
      throw new IllegalArgumentException(
          "loadedAdapters is set and polyLm is not; set polyLm to the model that loaded them");
    }
    NamedAdapters adapters = new NamedAdapters(new TreeMap<>(), new TreeMap<>(loaded));
    files.forEach((name, file) -> adapters.addFile(name, Path.of(file)));
    if (polyLm != null) {
      loaded.values().forEach(adapter -> check(adapter, polyLm));
    }
    return adapters;
  }

  private void addFile(String name, Path file) {
    if (loaded.containsKey(name)) {
      throw new IllegalArgumentException(
          "adapters and loadedAdapters both have the name %s; names must differ".formatted(name));
    }
    files.put(name, file);
  }

  private static void check(Adapter adapter, PolyLm polyLm) {
    polyLm.withAdapter(adapter).close();
  }

  /** Returns all names, sorted. */
  Set<String> names() {
    Set<String> names = new TreeSet<>(files.keySet());
    names.addAll(loaded.keySet());
    return names;
  }

  /**
   * Returns one of them.
   *
   * @param name one of {@link #names}
   * @param polyLm the model, which loads it if it is a file
   * @param own receives it then, and closes it later
   * @throws PolyLmException if the file can't be loaded
   */
  Adapter get(String name, PolyLm polyLm, Consumer<Adapter> own) {
    Adapter given = loaded.get(name);
    if (given != null) {
      return given;
    }
    Adapter adapter = polyLm.loadAdapter(requireNonNull(files.get(name), name));
    own.accept(adapter);
    return adapter;
  }
}
