package dev.polylm.evaluation.harness;

import dev.polylm.PolyLmException;
import dev.polylm.evaluation.task.DataFile;
import dev.polylm.internal.untrusted.Quoted;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/** The settings of a task's YAML file and of the files that it includes. */
final class HarnessYaml {
  private static final String FORM = "the YAML file of a task of lm-evaluation-harness";
  private static final int MAX_INCLUDES = 10;

  private final Path file;
  private final Map<String, Object> settings;

  /** The name of a Python function, {@code !function utils.process_docs}. */
  private record Function(String name) {
    @Override
    public String toString() {
      return "!function " + name;
    }
  }

  private HarnessYaml(Path file, Map<String, Object> settings) {
    this.file = file;
    this.settings = settings;
  }

  /**
   * Reads a file.
   *
   * @throws PolyLmException if it is missing, no YAML, or has a Python function
   */
  static HarnessYaml read(Path file) {
    Map<String, Object> settings = withIncludes(file, 0);
    HarnessYaml yaml = new HarnessYaml(file, settings);
    settings.forEach(yaml::checkNoFunction);
    HarnessRules.check(yaml);
    return yaml;
  }

  private static Map<String, Object> withIncludes(Path file, int depth) {
    if (depth > MAX_INCLUDES) {
      throw new PolyLmException(
          "%s: is included by %s files in a chain, expected at most %s"
              .formatted(file, depth, MAX_INCLUDES));
    }
    Map<String, Object> own = load(file);
    Map<String, Object> settings = new LinkedHashMap<>();
    Object include = own.remove("include");
    for (Object name :
        include instanceof List<?> names ? names : include == null ? List.of() : List.of(include)) {
      settings.putAll(withIncludes(file.resolveSibling(String.valueOf(name)), depth + 1));
      settings.remove("task_list"); // names tasks of the included file alone
    }
    settings.putAll(own);
    return settings;
  }

  private static Map<String, Object> load(Path file) {
    LoaderOptions options = new LoaderOptions();
    options.setWarnOnDuplicateKeys(false); // as in Python, the last one counts
    SafeConstructor constructor =
        new SafeConstructor(options) {
          {
            yamlConstructors.put(
                new Tag("!function"),
                new AbstractConstruct() {
                  @Override
                  public Object construct(Node node) {
                    return new Function(node instanceof ScalarNode name ? name.getValue() : "?");
                  }
                });
          }
        };
    try {
      Object loaded = new Yaml(constructor).load(new DataFile(file, FORM).text());
      if (loaded instanceof Map<?, ?> map) {
        return named(map);
      }
      throw new PolyLmException("%s: is no mapping, expected %s".formatted(file, FORM));
    } catch (YAMLException e) {
      throw new PolyLmException("%s: is no YAML: %s".formatted(file, e.getMessage()), e);
    }
  }

  private void checkNoFunction(String key, @Nullable Object value) {
    if (value instanceof Function function) {
      throw new PolyLmException(
          "%s: %s is the Python function %s, must be a template; write it as one in a copy"
              .formatted(file, key, function.name()));
    }
    if (value instanceof Map<?, ?> map) {
      map.forEach((name, inner) -> checkNoFunction(key + "." + name, inner));
    } else if (value instanceof List<?> list) {
      list.forEach(inner -> checkNoFunction(key, inner));
    }
  }

  /** Returns a mapping with its keys as texts. */
  static Map<String, Object> named(Map<?, ?> map) {
    Map<String, Object> named = new LinkedHashMap<>();
    map.forEach((key, value) -> named.put(String.valueOf(key), value));
    return named;
  }

  Path file() {
    return file;
  }

  /** Returns a setting, or null if it is not there or null. */
  @Nullable Object get(String key) {
    return settings.get(key);
  }

  /** Returns all settings. */
  Map<String, Object> all() {
    return settings;
  }

  /** Returns a text, or the default if it is not there. */
  String text(String key, String missing) {
    Object value = settings.get(key);
    if (value instanceof Map<?, ?> || value instanceof List<?>) {
      throw wrong(key, "a text");
    }
    return value == null ? missing : String.valueOf(value);
  }

  /** Returns a mapping, which is empty if it is not there. */
  Map<String, Object> map(String key) {
    Object value = settings.get(key);
    if (value != null && !(value instanceof Map<?, ?>)) {
      throw wrong(key, "a mapping");
    }
    return value instanceof Map<?, ?> map ? named(map) : Map.of();
  }

  PolyLmException wrong(String key, String expected) {
    return new PolyLmException(
        "%s: %s is %s, must be %s"
            .formatted(file, key, Quoted.of(String.valueOf(settings.get(key))), expected));
  }

  /** Returns the names of the metrics. */
  List<String> metrics() {
    List<String> names = new ArrayList<>();
    if (settings.get("metric_list") instanceof List<?> list) {
      for (Object metric : list) {
        names.add(metric instanceof Map<?, ?> map ? String.valueOf(map.get("metric")) : "");
      }
    }
    return names;
  }
}
