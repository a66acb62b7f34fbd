package dev.polylm.internal.unpacked;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.polylm.PolyLmException;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps ONNX Runtime from telling of its use. Its versions up to 1.28 have nothing that tells,
 * except to Windows' own tracing. Later ones begin when their library is loaded, and look for a
 * variable of the environment then, so it is set in this process before.
 */
final class Telemetry {
  /** See Privacy.md in ONNX Runtime's jar of version 1.29.0. */
  private static final String VARIABLE = "ORT_DISABLE_TELEMETRY";

  private static final Pattern VERSION = Pattern.compile("(\\d{1,9})\\.(\\d{1,9})\\..*");
  private static final int LAST_SILENT_MINOR = 28;

  private Telemetry() {}

  /**
   * Keeps it from beginning with the library; called before that is loaded.
   *
   * @param folder where JNA's library may be unpacked, if need be
   * @throws PolyLmException where this version tells and can't be kept from it
   */
  static void prevent(Supplier<PrivateFolder> folder) {
    String version = version();
    if (begins(version) && !isWindows() && !"1".equals(System.getenv(VARIABLE))) {
      PrivateFolder ofJna = folder.get();
      try {
        setVariable(ofJna);
      } catch (LinkageError | IllegalStateException e) {
        throw new PolyLmException(
            "%s: JNA, by which PolyLM turns off the telemetry of ONNX Runtime %s, can't be used with this folder: %s; where it is mounted noexec, name another folder for temporary files by -D%s=DIR; else set %s=1 in the environment before Java starts, or use ONNX Runtime 1.28.0"
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

  /** As its jar says, or the jar's name where it is a module; null where neither does. */
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
   * Whether a version has telemetry that begins with its library.
   *
   * @param version null where the jar doesn't say, as when it is merged with others
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

  /** Ends Windows' tracing. */
  static void end(OrtEnvironment environment) {
    try {
      environment.setTelemetry(false);
    } catch (OrtException e) {
      throw new PolyLmException("ONNX Runtime's telemetry can't be ended: " + e.getMessage(), e);
    }
  }
}
