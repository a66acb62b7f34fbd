package dev.polylm.internal.device;

import dev.polylm.PolyLmOptions;
import java.util.Map;

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

  /** Returns the settings that options ask for. */
  public static DeviceSettings of(PolyLmOptions options) {
    return new DeviceSettings(
        Device.parse(options.device()), options.gpuMemoryLimit(), options.providerOptions());
  }

  DeviceSettings on(Device other) {
    return new DeviceSettings(other, memoryLimit, options);
  }
}
