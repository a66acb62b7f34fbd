package dev.polylm.internal.device;

import dev.polylm.InvalidSettingException;
import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import java.util.Map;
import java.util.TreeSet;

/**
 * The device of a session, and how it is used.
 *
 * @param memoryLimit the bytes that weights and runs may take with CUDA; 0 for no limit
 * @param options what the device's execution provider is told; the CPU is told nothing
 */
public record DeviceSettings(Device device, long memoryLimit, Map<String, String> options) {
  public static final DeviceSettings CPU = new DeviceSettings(Device.CPU, 0, Map.of());

  public DeviceSettings {
    options = Map.copyOf(options);
  }

  /**
   * Returns the settings that options ask for.
   *
   * @throws PolyLmException if there is no such device, or it does not heed one of the options
   */
  public static DeviceSettings of(PolyLmOptions options) {
    Device device = Device.parse(options.device());
    if (options.gpuMemoryLimit() > 0 && !device.isCuda() && !device.isAuto()) {
      throw new InvalidSettingException(
          "gpuMemoryLimit",
          "is %s, must be 0 if device is %s: only cuda heeds it"
              .formatted(options.gpuMemoryLimit(), device));
    }
    if (!options.providerOptions().isEmpty() && device.isCpu()) {
      throw new InvalidSettingException(
          "providerOptions",
          "has %s, must be empty if device is cpu, which heeds none"
              .formatted(String.join(", ", new TreeSet<>(options.providerOptions().keySet()))));
    }
    if (device.isCuda() || device.isAuto()) {
      checkCuda(options);
    }
    return new DeviceSettings(device, options.gpuMemoryLimit(), options.providerOptions());
  }

  /** The cache is on the GPU that the device names, and must not be on another than the weights. */
  private static void checkCuda(PolyLmOptions options) {
    Map<String, String> given = options.providerOptions();
    if (given.containsKey("device_id")) {
      throw new InvalidSettingException(
          "providerOptions",
          "has device_id, but device is %s; name the GPU as device cuda:N"
              .formatted(options.device()));
    }
    if (given.containsKey("gpu_mem_limit") && options.gpuMemoryLimit() > 0) {
      throw new InvalidSettingException(
          "providerOptions",
          "has gpu_mem_limit, but gpuMemoryLimit is %s; set one of them"
              .formatted(options.gpuMemoryLimit()));
    }
  }

  DeviceSettings on(Device other) {
    return new DeviceSettings(other, memoryLimit, options);
  }
}
