package dev.polylm.internal.unpacked;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.polylm.PolyLmException;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns ONNX Runtime's telemetry off. Versions up to 1.28 have none, except for Windows' own
 * tracing. In later versions telemetry starts when the library is loaded, unless an environment
 * variable turns it off. So this class sets that variable in the process before the library is
 * loaded.
 */
final class Telemetry {
  /** See Privacy.md in ONNX Runtime's jar of version 1.29.0. */
  private static final String VARIABLE = "ORT_DISABLE_TELEMETRY";

  private static final Pattern VERSION = Pattern.compile("(\\d{1,9})\\.(\\d{1,9})\\..*");
  private static final int LAST_SILENT_MINOR = 28;

  private Telemetry() {}

  /**
   * Turns telemetry off. Call this before the library is loaded.
   *
   * @param folder the folder where JNA's library is unpacked if needed
   * @throws PolyLmException if this version has telemetry that can't be turned off
   */
  static void prevent(Supplier<PrivateFolder> folder) {
    String version = version();
    if (begins(version) && !isWindows() && !"1".equals(System.getenv(VARIABLE))) {
      PrivateFolder ofJna = folder.get();
      try {
        setVariable(ofJna);
      } catch (LinkageError | IllegalStateException e) {
        throw new PolyLmException(
            "%s: JNA, which PolyLM needs to turn off the telemetry of ONNX Runtime %s, can't be used with this folder: %s; where it is mounted noexec, name another folder for temporary files by -D%s=DIR; else set %s=1 in the environment before Java starts, or use ONNX Runtime 1.28.0"
                .formatted(
                    ofJna.path(),
                    version == null ? "of an unknown version" : version,
                    e.getMessage(),
                    PrivateFolder.TEMPORARY_FILES,
                    VARIABLE),
            e);
      }
    }
  }

  /**
   * Returns the version from the manifest of the jar, or from the jar's name if it is a module;
   * null if neither has it.
   */
  private static @Nullable String version() {
    Module module = OrtEnvironment.class.getModule();
    return module.isNamed()
        ? module.getDescriptor().rawVersion().orElse(null)
        : OrtEnvironment.class.getPackage().getImplementationVersion();
  }

  static void setVariable(PrivateFolder folder) {
    Object[] arguments = {VARIABLE, "1", 1};
    int failed = JnaLibrary.process(folder).getFunction("setenv").invokeInt(arguments);
    if (failed != 0) {
      throw new IllegalStateException("setenv gave " + failed);
    }
  }

  /**
   * Returns whether a version has telemetry that starts with its library.
   *
   * @param version null if the jar doesn't say, for example because it was merged with others
   */
  static boolean begins(@Nullable String version) {
    Matcher matcher = VERSION.matcher(String.valueOf(version));
    return !matcher.matches()
        || Integer.parseInt(matcher.group(1)) > 1
        || Integer.parseInt(matcher.group(2)) > LAST_SILENT_MINOR;
  }

  private static boolean isWindows() {
    return System.getProperty("os.name").startsWith("Windows");
  }

  /** Turns Windows' tracing off. */
  static void end(OrtEnvironment environment) {
    try {
      environment.setTelemetry(false);
    } catch (OrtException e) {
      throw new PolyLmException("ONNX Runtime's telemetry can't be ended: " + e.getMessage(), e);
    }
  }
}
