package dev.polylm.internal.device;

import dev.polylm.InvalidSettingException;
import dev.polylm.PolyLmException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A device, as an option names it.
 *
 * @param name {@code cpu}, {@code cuda}, {@code auto}, or another execution provider
 * @param index which GPU; 0 except for {@code cuda}
 */
public record Device(String name, int index) {
  public static final Device CPU = new Device("cpu", 0);
  static final Device FIRST_GPU = new Device("cuda", 0);

  /** The other providers that ONNX Runtime's classes can add to a session. */
  static final List<String> OTHERS =
      List.of(
          "acl",
          "coreml",
          "directml",
          "dnnl",
          "nnapi",
          "openvino",
          "qnn",
          "rocm",
          "tensorrt",
          "webgpu",
          "xnnpack");

  private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,4}))?");

  /**
   * Reads a device.
   *
   * @throws PolyLmException if there is no such device
   */
  public static Device parse(String text) {
    Matcher cuda = CUDA.matcher(text);
    if (cuda.matches()) {
      return new Device("cuda", cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1)));
    }
    if (text.equals("cpu") || text.equals("auto") || OTHERS.contains(text)) {
      return new Device(text, 0);
    }
    throw new InvalidSettingException(
        "device",
        "is \"%s\", must be cpu, cuda, cuda:N, auto, or another provider of ONNX Runtime: %s"
            .formatted(text, String.join(", ", OTHERS)));
  }

  public boolean isCpu() {
    return name.equals("cpu");
  }

  public boolean isCuda() {
    return name.equals("cuda");
  }

  boolean isAuto() {
    return name.equals("auto");
  }

  /** Returns the name, with the index of a GPU: {@code cuda:0}. */
  @Override
  public String toString() {
    return isCuda() ? name + ":" + index : name;
  }
}
