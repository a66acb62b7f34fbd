package dev.polylm.jakarta.config;

import dev.polylm.PolyLmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;

/**
 * All settings of an application under {@code polylm.}. Immutable.
 *
 * @param models at least one; if one has no name, it is the first
 */
public record PolyLmSettings(ServerSettings server, List<ModelSettings> models) {
  private static final Pattern NAMED_PATH = Pattern.compile("polylm\\.([^.]+)\\.model\\.path");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*");
  private static final Set<String> RESERVED = Set.of("adapters", "model", "server", "generation");

  public PolyLmSettings {
    models = List.copyOf(models);
  }

  /**
   * Reads the configuration. If it has no path of a model, it describes the one on the class path.
   *
   * @throws PolyLmException naming the key that is unknown, or whose value has another type or is
   *     out of range
   */
  public static PolyLmSettings read(Config config) {
    KeyReader reader = new KeyReader(config);
    ServerSettings server = ServerSettings.read(reader);
    List<ModelSettings> models = new ArrayList<>();
    List<String> names = names(reader);
    ModelSettings unnamed = ModelSettings.read(reader, "");
    if (names.isEmpty() || unnamed.path().isPresent()) {
      models.add(unnamed);
    }
    names.forEach(name -> models.add(ModelSettings.read(reader, name)));
    reader.checkAllKnown();
    return new PolyLmSettings(server, models);
  }

  private static List<String> names(KeyReader reader) {
    List<String> names = new ArrayList<>();
    for (String key : reader.names()) {
      Matcher matcher = NAMED_PATH.matcher(key);
      if (matcher.matches()) {
        names.add(checked(matcher.group(1), key));
      }
    }
    return names;
  }

  private static String checked(String name, String key) {
    if (!NAME.matcher(name).matches() || RESERVED.contains(name)) {
      throw new PolyLmException(
          "%s names a model \"%s\", expected letters, digits, '_' and '-', and none of %s"
              .formatted(key, name, RESERVED.stream().sorted().toList()));
    }
    return name;
  }
}
