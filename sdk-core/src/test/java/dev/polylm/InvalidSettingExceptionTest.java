package dev.polylm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.polylm.generation.GenerationConfig;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Which setting is wrong, for adapters that have another name for it. */
final class InvalidSettingExceptionTest {
  private static void refuses(ThrowingCallable action, String property, String fault) {
    InvalidSettingException refusal = catchThrowableOfType(InvalidSettingException.class, action);
    assertThat(refusal.property()).isEqualTo(property);
    assertThat(refusal.fault()).isEqualTo(fault);
    assertThat(refusal).hasMessage(refusal.setting() + " " + fault);
  }

  @Test
  void namesAnOption() {
    refuses(
        () -> PolyLmOptions.builder().queueCapacity(0).build(),
        "queue-capacity",
        "is 0, must be at least 1");
    refuses(
        () -> PolyLmOptions.builder().promptChunk(513).build(),
        "prompt-chunk",
        "is 513, must be at most 512");
    refuses(
        () -> PolyLmOptions.builder().gpuMemoryLimit(5).build(),
        "gpu-memory-limit",
        "is 5, must be 0 if device is cpu: only cuda heeds it");
    refuses(
        () -> PolyLmOptions.builder().device("openvino").gpuMemoryLimit(5).build(),
        "gpu-memory-limit",
        "is 5, must be 0 if device is openvino: only cuda heeds it");
    refuses(
        () -> PolyLmOptions.builder().providerOptions(Map.of("b", "1", "a", "2")).build(),
        "provider-options",
        "has a, b, must be empty if device is cpu, which heeds none");
  }

  @Test
  void namesASettingOfGeneration() {
    refuses(
        () -> GenerationConfig.defaultsFromTexts(Map.of("top-p", "3")),
        "top-p",
        "is 3.0, must be from 0.0 to 1.0");
    refuses(
        () -> GenerationConfig.defaultsFromTexts(Map.of("num-beams", "two")),
        "num-beams",
        "is \"two\", must be an integer of 32 bits");
    refuses(
        () -> GenerationConfig.defaultsFromTexts(Map.of("num-beam", "2")),
        "num-beam",
        "is not a generation setting, nearest: num_beams");
  }

  @Test
  void aGpuMayBeFoundLater() {
    assertThat(
            PolyLmOptions.builder()
                .device("auto")
                .gpuMemoryLimit(5)
                .providerOptions(Map.of("use_tf32", "0"))
                .build()
                .gpuMemoryLimit())
        .isEqualTo(5);
  }
}
