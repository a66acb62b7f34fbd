package dev.polylm.internal.device;

import ai.onnxruntime.OrtProvider;
import dev.polylm.InvalidSettingException;
import dev.polylm.PolyLmException;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says why a device can't be used, and what to do about it. */
public final class DeviceFailure {
  private static final String GUIDE = "docs/gpu.md";
  private static final String DRIVER_LIBRARY = "libcuda.so.1";

  private static final String DRIVER =
      "the NVIDIA driver is missing or too old; expected version 525 or later; in a container, start it with access to the GPU";

  /** What ONNX Runtime's messages show, and what they mean. The first that is found applies. */
  private static final List<Cause> CAUSES =
      List.of(
          new Cause(
              "(lib[\\w.+-]+\\.so[\\w.]*): cannot open shared object file|which depends on \"([^\"]+)\" which is missing",
              "the library %s can't be found, which ONNX Runtime's CUDA provider needs; expected the libraries of CUDA 12, 12.8 or later, where the system looks for libraries, such as a folder in LD_LIBRARY_PATH"),
          new Cause("CUDA failure 35\\b", DRIVER),
          new Cause(
              "CUDA failure 100\\b",
              "the NVIDIA driver sees no GPU; expected at least one in the output of nvidia-smi; in a container, start it with access to the GPU"),
          new Cause(
              "CUDA failure 101\\b",
              "there is no GPU with this index; expected an index below the number of GPUs that nvidia-smi lists; CUDA_VISIBLE_DEVICES hides some"),
          new Cause(
              "CUDA failure 2\\b|out of memory|Failed to allocate memory|Available memory of",
              "its memory is too small; expected more free memory, a smaller export such as --weights int4, a lower keyValueBytes, or a higher gpuMemoryLimit if there is one"));

  private record Cause(Pattern shown, String meaning) {
    Cause(String shown, String meaning) {
      this(Pattern.compile(shown, Pattern.CASE_INSENSITIVE), meaning);
    }
  }

  private DeviceFailure() {}

  /** Returns the failure of a device whose provider this ONNX Runtime doesn't have. */
  static PolyLmException notBuilt(Device device, Collection<OrtProvider> available) {
    String advice =
        device.isCuda()
            ? "one with CUDA, which the artifact dev.polylm:polylm-cuda brings in place of dev.polylm:polylm-core"
            : "one that was built with it; name its folder by -Donnxruntime.native.path=DIR";
    return new InvalidSettingException(
        "device",
        "is %s, but this ONNX Runtime has only %s; expected %s; see %s"
            .formatted(device, available, advice, GUIDE));
  }

  /**
   * Returns what a message of ONNX Runtime means for a device, or null if the device isn't its
   * cause.
   */
  public static @Nullable String sentence(Device device, String message) {
    if (device.isCpu()) {
      return null;
    }
    for (Cause cause : CAUSES) {
      Matcher shown = cause.shown().matcher(message);
      if (shown.find()) {
        String library = library(shown);
        String meaning = library.equals(DRIVER_LIBRARY) ? DRIVER : cause.meaning();
        return "device is %s, but %s; see %s; the message was: %s"
            .formatted(device, meaning.formatted(library), GUIDE, message.strip());
      }
    }
    return null;
  }

  /** Returns the missing library, which the first pattern finds. */
  private static String library(Matcher shown) {
    for (int group = 1; group <= shown.groupCount(); group++) {
      if (shown.group(group) != null) {
        return shown.group(group);
      }
    }
    return "";
  }
}
