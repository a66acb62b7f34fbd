package dev.polylm.internal.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The messages are those of ONNX Runtime 1.28 and CUDA 12. */
final class DeviceFailureTest {
  private static final Device GPU = Device.parse("cuda:3");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Failed to load library libonnxruntime_providers_cuda.so with error: libcublasLt.so.12: cannot open shared object file: No such file or directory"
            + "| the library libcublasLt.so.12 can't be found, which ONNX Runtime's CUDA provider needs; expected the libraries of CUDA 12, 12.8 or later, where the system looks for libraries, such as a folder in LD_LIBRARY_PATH",
        "Error loading \"C:\\x\\onnxruntime_providers_cuda.dll\" which depends on \"cublasLt64_12.dll\" which is missing."
            + "| the library cublasLt64_12.dll can't be found, which ONNX Runtime's CUDA provider needs; expected the libraries of CUDA 12, 12.8 or later, where the system looks for libraries, such as a folder in LD_LIBRARY_PATH",
        "libcuda.so.1: cannot open shared object file: No such file or directory"
            + "| the NVIDIA driver is missing or too old; expected version 525 or later; in a container, start it with access to the GPU",
        "CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version ; GPU=-1"
            + "| the NVIDIA driver is missing or too old; expected version 525 or later; in a container, start it with access to the GPU",
        "CUDA failure 100: no CUDA-capable device is detected ; GPU=-1"
            + "| the NVIDIA driver sees no GPU; expected at least one in the output of nvidia-smi; in a container, start it with access to the GPU",
        "CUDA failure 101: invalid device ordinal ; GPU=3"
            + "| there is no GPU with this index; expected an index below the number of GPUs that nvidia-smi lists; CUDA_VISIBLE_DEVICES hides some",
        "CUDA failure 2: out of memory ; GPU=3"
            + "| its memory is too small; expected more free memory, a smaller export such as --weights int4, a lower keyValueBytes, or a higher gpuMemoryLimit if there is one",
        "bfc_arena.cc:359 Available memory of 1024 is smaller than requested bytes of 4096"
            + "| its memory is too small; expected more free memory, a smaller export such as --weights int4, a lower keyValueBytes, or a higher gpuMemoryLimit if there is one",
      })
  void eachCauseIsASentence(String message, String meaning) {
    assertThat(DeviceFailure.sentence(GPU, message))
        .isEqualTo(
            "device is cuda:3, but %s; see docs/gpu.md; the message was: %s", meaning, message);
  }

  @Test
  void otherMessagesAndTheCpuHaveNone() {
    assertThat(DeviceFailure.sentence(GPU, "CUDA failure 1010: unknown")).isNull();
    assertThat(DeviceFailure.sentence(GPU, "the model's protobuf can't be parsed")).isNull();
    assertThat(DeviceFailure.sentence(Device.CPU, "Failed to allocate memory")).isNull();
  }
}
