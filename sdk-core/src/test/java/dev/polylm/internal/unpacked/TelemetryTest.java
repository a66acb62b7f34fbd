package dev.polylm.internal.unpacked;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which versions of ONNX Runtime have something to be kept from, and how. */
final class TelemetryTest {
  @TempDir private Path parent;

  @ParameterizedTest
  @CsvSource({
    "1.28.0, false",
    "1.28.1, false",
    "1.9.0, false",
    "0.5.0, false",
    "1.29.0, true",
    "1.100.0, true",
    "2.0.0, true",
    "1.29.0-rc1, true",
    "next, true",
    ", true"
  })
  void laterVersionsAndUnknownOnesBeginIt(String version, boolean begins) {
    assertThat(Telemetry.begins(version)).isEqualTo(begins);
  }

  /** Of this process, which Java itself has read before. */
  @Test
  void theVariableIsSetInTheEnvironmentOfTheProcess() {
    if (System.getProperty("os.name").startsWith("Windows")) {
      return; // where nothing begins with the library
    }
    try (PrivateFolder folder = PrivateFolder.create(parent)) {
      Telemetry.setVariable(folder);
      String value =
          JnaLibrary.process(folder)
              .getFunction("getenv")
              .invokeString(new Object[] {"ORT_DISABLE_TELEMETRY"}, false);
      assertThat(value).isEqualTo("1");
      assertThat(System.getProperty("jna.nounpack")).isNull();
      assertThat(System.getProperty("jna.boot.library.path")).isNull();
    }
  }
}
