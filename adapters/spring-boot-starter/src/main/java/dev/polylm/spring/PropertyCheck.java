package dev.polylm.spring;

import dev.polylm.InvalidSettingException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Checks that the keys under {@code polylm} are known. Spring Boot's binder passes over some that
 * are not: those of system properties, and values where it expects further keys.
 */
final class PropertyCheck {
  private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("polylm");
  private static final String MODELS = "models";

  /** Keys with a value. */
  static final List<String> VALUES =
      List.of(
          "model.path",
          "device",
          "gpu-memory-limit",
          "threads",
          "max-rows",
          "queue",
          "key-value-bytes",
          "prompt-chunk",
          "prefix-reuse",
          "verify",
          "draft",
          "lazy");

  /** Keys that further names follow. */
  static final List<String> MAPS = List.of("provider-options", "generation", "adapters");

  private PropertyCheck() {}

  /**
   * Checks all keys. Environment variables may be for other programs, such as {@code POLYLM_HOME}.
   *
   * @throws ModelNotOpenException if one is unknown, or has a value where a further key must follow
   */
  static void check(Environment environment) {
    for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
      boolean ofSystem = source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource;
      if (source instanceof IterableConfigurationPropertySource iterable) {
        for (ConfigurationPropertyName name : names(iterable)) {
          check(name, iterable, ofSystem);
        }
      }
    }
  }

  private static List<ConfigurationPropertyName> names(IterableConfigurationPropertySource source) {
    return source.stream().filter(name -> name.equals(ROOT) || ROOT.isAncestorOf(name)).toList();
  }

  private static void check(
      ConfigurationPropertyName name, ConfigurationPropertySource source, boolean ofSystem) {
    int begin = 1;
    if (name.getNumberOfElements() > 1 && element(name, 1).equals(plain(MODELS))) {
      begin = 3;
    }
    if (isKnown(name, begin)) {
      return;
    }
    String follows = whatFollows(name, begin);
    if (follows != null) {
      ConfigurationProperty property = source.getConfigurationProperty(name);
      Object value = property == null ? "" : property.getValue();
      throw refused(
          name, "%s is %s, must be followed by a key: %s".formatted(name, value, follows));
    }
    if (!ofSystem) {
      throw unknown(name, begin);
    }
  }

  private static boolean isKnown(ConfigurationPropertyName name, int begin) {
    int left = name.getNumberOfElements() - begin;
    if (left < 1) {
      return false;
    }
    String key = element(name, begin);
    if (left > 1 && MAPS.stream().anyMatch(map -> key.equals(plain(map)))) {
      return true;
    }
    String rest = rest(name, begin);
    return VALUES.stream().anyMatch(value -> rest.equals(plain(value)));
  }

  /** Returns what must follow a key that has a value but should have none, or null. */
  private static @Nullable String whatFollows(ConfigurationPropertyName name, int begin) {
    int left = name.getNumberOfElements() - begin;
    if (left < 0) {
      return name.getNumberOfElements() == 1
          ? "polylm.model.path=FOLDER"
          : "polylm.models.NAME.model.path=FOLDER";
    }
    if (left == 0) {
      return begin == 1 ? "polylm.model.path=FOLDER" : name + ".model.path=FOLDER";
    }
    if (left > 1) {
      return null;
    }
    return switch (element(name, begin)) {
      case "model" -> name + ".path=FOLDER";
      case "generation" -> name + ".max-new-tokens=100";
      case "adapters" -> name + ".NAME=FILE";
      case "provideroptions" -> name + "[NAME]=VALUE";
      default -> null;
    };
  }

  private static ModelNotOpenException unknown(ConfigurationPropertyName name, int begin) {
    String prefix = name.chop(begin) + ".";
    List<String> known = new ArrayList<>();
    Stream.concat(VALUES.stream(), MAPS.stream().map(map -> map + ".NAME"))
        .forEach(key -> known.add(prefix + key));
    InvalidSettingException unknown =
        InvalidSettingException.unknown(name.toString(), "a property of PolyLM", known);
    return new ModelNotOpenException(
        String.valueOf(unknown.getMessage()),
        "Change or remove it. There are: %s.".formatted(String.join(", ", known)),
        unknown);
  }

  private static ModelNotOpenException refused(ConfigurationPropertyName name, String message) {
    return new ModelNotOpenException(message, "Change or remove %s.".formatted(name), null);
  }

  private static String rest(ConfigurationPropertyName name, int begin) {
    StringBuilder rest = new StringBuilder();
    for (int i = begin; i < name.getNumberOfElements(); i++) {
      rest.append(element(name, i));
    }
    return rest.toString();
  }

  private static String element(ConfigurationPropertyName name, int index) {
    return name.getElement(index, Form.UNIFORM);
  }

  private static String plain(String key) {
    return key.replaceAll("[.-]", "");
  }
}
