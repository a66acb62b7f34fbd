package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import org.junit.jupiter.api.Test;

/**
 * The ONNX Runtime with CUDA on a machine without CUDA's libraries. The profile {@code cuda} runs
 * it, after it has downloaded 742 MB.
 */
final class CudaWithoutItsLibraries {
  private static final String MISSING =
      "device is cuda:0, but the library libcu\\w+\\.so\\.1\\d can't be found, which ONNX Runtime's CUDA provider needs; expected the libraries of CUDA 12, 12\\.8 or later, where the system looks for libraries, such as a folder in LD_LIBRARY_PATH; see docs/gpu\\.md; the message was: .*";

  private static PolyLm open(String device) {
    return PolyLm.openEmbedded(PolyLmOptions.builder().device(device).build());
  }

  @Test
  void theCpuRunsAsEver() {
    try (PolyLm polyLm = PolyLm.openEmbedded()) {
      assertThat(OrtEnvironment.getAvailableProviders()).contains(OrtProvider.CUDA);
      assertThat(
              polyLm.generate(
                  "Beijing is the capital of China.\nTranslate this sentence from English to Chinese."))
          .isEqualTo("\n北京是中国的首都。");
    }
  }

  @Test
  void theMissingLibraryIsNamed() {
    for (int attempt = 0; attempt < 2; attempt++) { // the second is no other
      assertThatThrownBy(() -> open("cuda"))
          .isInstanceOf(PolyLmException.class)
          .hasMessageMatching(MISSING);
    }
  }

  @Test
  void autoTakesTheCpu() {
    try (PolyLm polyLm = open("auto")) {
      assertThat(polyLm.placement().device()).isEqualTo("cpu");
      assertThat(polyLm.placement().fallback()).matches(MISSING);
      assertThat(polyLm.generate("Beijing")).isNotEmpty();
    }
  }
}
