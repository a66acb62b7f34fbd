package dev.polylm;

import dev.polylm.internal.untrusted.NearestNames;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An option or a setting is unknown, or has a value that can't be used. The message is its name and
 * its fault.
 *
 * <pre>{@code
 * try {
 *   PolyLmOptions.builder().maxRows(0).build();
 * } catch (InvalidSettingException e) {
 *   System.err.println(e.property() + " " + e.fault()); // max-rows is 0, must be at least 1
 * }
 * }</pre>
 */
public final class InvalidSettingException extends PolyLmException {
  private static final long serialVersionUID = 1L;

  private final String setting;
  private final String fault;

  /**
   * Makes an exception for a setting.
   *
   * @param setting its name in the SDK, such as {@code maxRows} or {@code top_p}
   * @param fault what is wrong, as it follows the name in a sentence
   */
  public InvalidSettingException(String setting, String fault) {
    this(setting, fault, null);
  }

  /** Makes an exception with a cause; see {@link #InvalidSettingException(String, String)}. */
  public InvalidSettingException(String setting, String fault, @Nullable Throwable cause) {
    super(setting + " " + fault, cause);
    this.setting = setting;
    this.fault = fault;
  }

  /**
   * Makes an exception for a name that is not known. It names those that differ by few letters.
   *
   * @param kind what the name should be, such as "a property of PolyLM"
   * @param known all names of that kind
   */
  public static InvalidSettingException unknown(
      String name, String kind, Collection<String> known) {
    List<String> near = NearestNames.of(name, known);
    String nearest = near.isEmpty() ? "" : ", nearest: " + String.join(", ", near);
    return new InvalidSettingException(name, "is not %s%s".formatted(kind, nearest));
  }

  /** Returns the setting's name in the SDK, such as {@code maxRows} or {@code top_p}. */
  public String setting() {
    return setting;
  }

  /** Returns the setting's name as configuration files spell it: {@code max-rows}. */
  public String property() {
    return setting.replaceAll("([A-Z])", "-$1").replace('_', '-').toLowerCase(Locale.ROOT);
  }

  /** Returns what is wrong, as it follows the name in a sentence. */
  public String fault() {
    return fault;
  }
}
