package dev.polylm.internal.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DeviceTest {
  @ParameterizedTest
  @CsvSource({
    "cpu, cpu, 0, cpu",
    "cuda, cuda, 0, cuda:0",
    "cuda:0, cuda, 0, cuda:0",
    "cuda:12, cuda, 12, cuda:12",
    "auto, auto, 0, auto",
    "tensorrt, tensorrt, 0, tensorrt"
  })
  void aDeviceIsReadFromItsName(String text, String name, int index, String shown) {
    Device device = Device.parse(text);
    assertThat(device).isEqualTo(new Device(name, index)).hasToString(shown);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "CPU", "gpu", "cuda:", "cuda:-1", "cuda:99999", "cpu:1", "cuda 0"})
  void anyOtherNameIsRefusedWhenOptionsAreBuilt(String text) {
    assertThatThrownBy(() -> PolyLmOptions.builder().device(text).build())
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            "device is \"%s\", must be cpu, cuda, cuda:N, auto, or another provider of ONNX Runtime: acl, coreml, directml, dnnl, nnapi, openvino, qnn, rocm, tensorrt, webgpu, xnnpack",
            text);
  }

  @Test
  void optionsKeepWhatTheDeviceIsTold() {
    PolyLmOptions options =
        PolyLmOptions.builder()
            .device("cuda:1")
            .gpuMemoryLimit(1 << 30)
            .providerOptions(Map.of("use_tf32", "0"))
            .build();
    DeviceSettings expected =
        new DeviceSettings(new Device("cuda", 1), 1 << 30, Map.of("use_tf32", "0"));
    assertThat(DeviceSettings.of(options)).isEqualTo(expected);
    assertThat(DeviceSettings.of(options.toBuilder().build())).isEqualTo(expected);
    assertThat(DeviceSettings.of(PolyLmOptions.defaults())).isEqualTo(DeviceSettings.CPU);
    assertThatThrownBy(() -> PolyLmOptions.builder().gpuMemoryLimit(-1).build())
        .isInstanceOf(PolyLmException.class)
        .hasMessage("gpuMemoryLimit is -1, must be at least 0");
  }
}
