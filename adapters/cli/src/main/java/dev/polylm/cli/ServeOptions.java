package dev.polylm.cli;

import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.internal.untrusted.Utf8;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options of {@code serve} that become keys of polylm-jakarta's configuration. */
final class ServeOptions {
  private static final String PREFIX = "polylm.";
  private static final String PATH = "model.path";

  /** What may stand in a key. Other names get a key of their own. */
  private static final Pattern NAME_IN_KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*");

  @Option(
      names = "--model",
      paramLabel = "[NAME=]MODEL",
      description =
          "A folder that polylm export wrote or the name of one in $POLYLM_HOME, and its name for"
              + " clients; without it the embedded polylm-tiny. Repeat it for more models; the"
              + " first is the default.")
  private List<String> models = List.of();

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description =
          "Where the models run: cpu, the default; cuda or cuda:N, a GPU; or auto, a GPU if CUDA"
              + " can be used.")
  private @Nullable String device;

  @Option(
      names = "--draft",
      paramLabel = "DIR",
      description =
          "The exported folder of a small model with the same vocabulary, which guesses tokens for"
              + " the first model, as long as that makes answers come faster.")
  private @Nullable Path draft;

  @Option(
      names = "--adapter",
      paramLabel = "NAME=FILE",
      description =
          "An adapter that polylm adapter wrote, for the first model, which must have been exported"
              + " with --run-time-adapters. Clients ask for it as MODEL:NAME. Repeat it for more.")
  private Map<String, String> adapters = Map.of();

  @Option(
      names = "--api-key-file",
      paramLabel = "FILE",
      description = "A file with an API key on each line. Clients must send one of them.")
  private @Nullable Path keys;

  @Option(
      names = "--cors-origin",
      paramLabel = "ORIGIN",
      description = "An origin whose pages may call the API, such as https://app.example.")
  private List<String> origins = List.of();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A properties file with keys of polylm-jakarta, such as polylm.max-rows=8.")
  private @Nullable Path config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "A key of polylm-jakarta, with or without 'polylm.', such as server.max-tokens=2048.")
  private Map<String, String> settings = Map.of();

  /**
   * Returns the keys and their values. An option goes before --set, and --set before the file.
   *
   * @throws PolyLmException if a file can't be read
   * @throws ParameterException if models lack names, or the device is none
   */
  Map<String, String> values(CommandLine command, ModelHome home) {
    Map<String, String> values = new TreeMap<>(ofFile());
    settings.forEach(
        (key, value) -> values.put(key.startsWith(PREFIX) ? key : PREFIX + key, value));
    if (!origins.isEmpty()) {
      values.put("polylm.server.cors-origins", String.join(",", origins));
    }
    if (keys != null) {
      values.put("polylm.server.api-keys", String.join(",", keys(keys)));
    }
    if (draft != null) {
      values.put("polylm.draft", draft.toString());
    }
    adapters.forEach((name, file) -> values.put("polylm.adapters." + name, file));
    for (int i = 0; i < models.size(); i++) {
      if (models.size() > 1 && equalsSign(models.get(i)) < 0) {
        throw new ParameterException(
            command,
            "--model %s has no name, expected NAME=MODEL where there are several models"
                .formatted(models.get(i)));
      }
      putModel(values, models.get(i), i, home);
    }
    if (device != null) {
      // Refuses a wrong device by the option's name, not by a key's.
      PolyLmOptions unused = RunOptions.built(PolyLmOptions.builder().device(device), command);
      putDevice(values, device);
    }
    return values;
  }

  /** The key of the default model's path may be missing. */
  private static void putDevice(Map<String, String> values, String device) {
    List<String> prefixes =
        Stream.concat(Stream.of(PREFIX + PATH), values.keySet().stream())
            .filter(key -> key.endsWith("." + PATH))
            .map(key -> key.substring(0, key.length() - PATH.length()))
            .toList();
    prefixes.forEach(prefix -> values.put(prefix + "device", device));
  }

  private Map<String, String> ofFile() {
    Map<String, String> values = new TreeMap<>();
    if (config != null) {
      Properties properties = new Properties();
      try {
        properties.load(new StringReader(text(config)));
      } catch (IOException e) {
        throw Sentences.unreadable(config.toString(), e);
      } catch (IllegalArgumentException e) {
        throw new PolyLmException("%s: %s".formatted(config, e.getMessage()), e);
      }
      properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
    }
    return values;
  }

  private static String text(Path file) {
    try {
      return Utf8.decode(Files.readAllBytes(file));
    } catch (CharacterCodingException e) {
      throw new PolyLmException(file + ": is not UTF-8", e);
    } catch (IOException e) {
      throw Sentences.unreadable(file.toString(), e);
    }
  }

  private static List<String> keys(Path file) {
    List<String> keys =
        text(file).lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    if (keys.isEmpty() || keys.stream().anyMatch(key -> key.contains(","))) {
      throw new PolyLmException(
          "%s: %s, expected a key on each line, without commas"
              .formatted(file, keys.isEmpty() ? "has no key" : "has a key with a comma"));
    }
    return keys;
  }

  /** Returns where a name ends; -1 if the text is a model only, whose path may have the sign. */
  private static int equalsSign(String model) {
    return Files.isDirectory(Path.of(model)) ? -1 : model.indexOf('=');
  }

  /** The model that has no name in the configuration comes first, whatever the others' names. */
  private static void putModel(
      Map<String, String> values, String model, int index, ModelHome home) {
    int equals = equalsSign(model);
    String name = model.substring(0, Math.max(0, equals));
    String prefix = PREFIX;
    if (index > 0) {
      boolean inKey = NAME_IN_KEY.matcher(name).matches();
      prefix += (inKey ? name : "model-" + (index + 1)) + ".";
    }
    String place = model.substring(equals + 1);
    if (index > 0 || !home.isEmbedded(place)) { // without a path the first is the embedded one
      values.put(prefix + PATH, home.find(place).toString());
    }
    if (!name.isEmpty()) {
      values.put(prefix + "model.name", name);
    }
  }
}
