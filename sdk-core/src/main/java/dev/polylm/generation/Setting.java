package dev.polylm.generation;

import dev.polylm.InvalidSettingException;
import dev.polylm.PolyLmException;
import org.jspecify.annotations.Nullable;

/**
 * An entry in the table of settings. Compared by identity.
 *
 * @param <T> an immutable type with equals
 */
final class Setting<T> {
  private final String name;
  private final SettingType<T> type;
  private final @Nullable T defaultValue;
  private final Range<T> range;

  /**
   * @param name Hugging Face's, in snake_case
   * @param defaultValue the value if the setting is not set, or null if it has no default
   */
  Setting(String name, SettingType<T> type, @Nullable T defaultValue, Range<T> range) {
    this.name = name;
    this.type = type;
    this.defaultValue = defaultValue;
    this.range = range;
  }

  String name() {
    return name;
  }

  SettingType<T> type() {
    return type;
  }

  @Nullable T defaultValue() {
    return defaultValue;
  }

  /**
   * Returns a value after checking its range.
   *
   * @throws PolyLmException if the value is out of range; the message names the setting, the value
   *     and the range
   */
  T checked(T value) {
    String violated = range.violatedBy(value);
    if (violated != null) {
      // JSON has no NaN and would show it as a string.
      Object shown = value instanceof Double ? value : type.write(value);
      throw new InvalidSettingException(
          name, "is %s, %s".formatted(GenerationConfigJson.shorten(shown), violated));
    }
    return value;
  }

  @Override
  public String toString() {
    return name;
  }
}
