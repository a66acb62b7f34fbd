package dev.polylm.internal.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.InvalidSettingException;
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
  @ValueSource(
      strings = {
        "",
        "CPU",
        "CUDA",
        "gpu",
        " cuda",
        "cuda ",
        "cuda:",
        "cuda:-1",
        "cuda:99999",
        "cuda:99999999999",
        "cuda:\u0661",
        "cpu:1",
        "cuda 0",
        "null",
        "auto:0",
        "CUDAExecutionProvider"
      })
  void anyOtherNameIsRefusedWhenOptionsAreBuilt(String text) {
    assertThatThrownBy(() -> PolyLmOptions.builder().device(text).build())
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            "device is \"%s\", must be cpu, cuda, cuda:N, auto, or another provider of ONNX Runtime: acl, coreml, directml, dnnl, nnapi, openvino, qnn, rocm, tensorrt, webgpu, xnnpack",
            text);
  }

  /** Weights on one GPU and their cache on another would be copied between them, or fail. */
  @ParameterizedTest
  @ValueSource(strings = {"cuda", "cuda:1", "auto"})
  void providerOptionsDoNotNameAnotherGpu(String device) {
    PolyLmOptions.Builder options =
        PolyLmOptions.builder().device(device).providerOptions(Map.of("device_id", "3"));
    assertThatThrownBy(options::build)
        .isInstanceOf(InvalidSettingException.class)
        .hasMessage(
            "providerOptions has device_id, but device is %s; name the GPU as device cuda:N",
            device);
  }

  @Test
  void aMemoryLimitIsSetInOnePlace() {
    PolyLmOptions.Builder options =
        PolyLmOptions.builder().device("cuda").providerOptions(Map.of("gpu_mem_limit", "1000"));
    assertThat(options.build().providerOptions()).containsKey("gpu_mem_limit");
    assertThatThrownBy(() -> options.gpuMemoryLimit(2000).build())
        .isInstanceOf(InvalidSettingException.class)
        .hasMessage(
            "providerOptions has gpu_mem_limit, but gpuMemoryLimit is 2000; set one of them");
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
