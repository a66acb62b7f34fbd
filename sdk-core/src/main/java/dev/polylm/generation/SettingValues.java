package dev.polylm.generation;

import dev.polylm.PolyLmException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Settings and their values. A value is either set by the request or inherited from a model's
 * defaults. A set value replaces an inherited one. Two objects are equal if their values are equal.
 */
final class SettingValues {
  /** Pairs that exclude each other: setting one removes the other's inherited value. */
  private static final List<List<Setting<?>>> ALTERNATIVES =
      List.of(
          List.of(Settings.MAX_LENGTH, Settings.MAX_NEW_TOKENS),
          List.of(Settings.MIN_LENGTH, Settings.MIN_NEW_TOKENS),
          List.of(Settings.NEGATIVE_PROMPT, Settings.NEGATIVE_PROMPT_IDS));

  private final Map<Setting<?>, Object> values;
  private final Set<Setting<?>> inherited;

  SettingValues() {
    values = new HashMap<>();
    inherited = new HashSet<>();
  }

  SettingValues(SettingValues other) {
    values = new HashMap<>(other.values);
    inherited = new HashSet<>(other.inherited);
  }

  /**
   * Sets a value.
   *
   * @throws PolyLmException if the value is out of range
   */
  <T> void set(Setting<T> setting, T value) {
    values.put(setting, setting.checked(value));
    inherited.remove(setting);
    for (List<Setting<?>> pair : ALTERNATIVES) {
      if (pair.contains(setting)) {
        inherited.stream().filter(pair::contains).toList().forEach(this::unset);
      }
    }
  }

  void unset(Setting<?> setting) {
    values.remove(setting);
    inherited.remove(setting);
  }

  /** Returns these values, marked as inherited. */
  SettingValues asInherited() {
    SettingValues all = new SettingValues(this);
    all.inherited.addAll(values.keySet());
    return all;
  }

  /** Returns these values, and the defaults that are neither set nor excluded here. */
  SettingValues over(SettingValues defaults) {
    SettingValues merged = new SettingValues(defaults.asInherited());
    for (Setting<?> setting : values.keySet()) {
      copy(setting, merged);
    }
    merged.inherited.addAll(inherited);
    return merged;
  }

  private <T> void copy(Setting<T> setting, SettingValues target) {
    target.set(setting, Objects.requireNonNull(get(setting)));
  }

  @SuppressWarnings("unchecked") // set() is the only writer, and it takes a T for a Setting<T>.
  <T> @Nullable T get(Setting<T> setting) {
    return (T) values.get(setting);
  }

  /** Returns the value of a setting, or its default. */
  <T> T effective(Setting<T> setting) {
    T value = get(setting);
    return value != null ? value : Objects.requireNonNull(setting.defaultValue());
  }

  boolean isSet(Setting<?> setting) {
    return values.containsKey(setting);
  }

  /** Returns true if the request sets the setting to a value other than the default. */
  boolean isAskedFor(Setting<?> setting) {
    return isSet(setting)
        && !inherited.contains(setting)
        && !Objects.equals(values.get(setting), setting.defaultValue());
  }

  boolean isInherited(Setting<?> setting) {
    return inherited.contains(setting);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SettingValues that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }
}
