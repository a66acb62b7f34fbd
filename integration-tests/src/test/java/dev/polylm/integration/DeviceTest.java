package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.Placement;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Devices with the ONNX Runtime of the ordinary build, which has the CPU only. */
final class DeviceTest {
  private static final String NO_CUDA =
      "device is cuda:%d, but this ONNX Runtime has only [CPU]; expected one with CUDA, which the artifact dev.polylm:polylm-cuda brings in place of dev.polylm:polylm-core; see docs/gpu.md";

  private static PolyLmOptions on(String device) {
    return PolyLmOptions.builder().device(device).build();
  }

  @Test
  void cpuIsTheDefault() {
    try (PolyLm polyLm = PolyLm.openEmbedded()) {
      Placement placement = polyLm.placement();
      assertThat(placement.device()).isEqualTo("cpu");
      assertThat(placement.onCpu()).isEmpty();
      assertThat(placement.fallback()).isNull();
      assertThat(placement.warnings()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"cuda, 0", "cuda:0, 0", "cuda:7, 7"})
  void cudaNeverFallsBack(String device, int index) {
    assertThatThrownBy(() -> PolyLm.openEmbedded(on(device)))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(NO_CUDA, index);
  }

  @Test
  void anotherProviderThatIsNotBuiltInIsASentence() {
    PolyLmOptions options =
        on("tensorrt").toBuilder().providerOptions(Map.of("trt_fp16_enable", "1")).build();
    assertThatThrownBy(() -> PolyLm.openEmbedded(options))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            "device is tensorrt, but this ONNX Runtime has only [CPU]; expected one that was built with it; name its folder by -Donnxruntime.native.path=DIR; see docs/gpu.md");
  }

  @Test
  void autoTakesTheCpuAndSaysWhyOnce() {
    List<LogRecord> records = new CopyOnWriteArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            records.add(line);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger("dev.polylm.device");
    logger.addHandler(handler);
    try (PolyLm polyLm = PolyLm.openEmbedded(on("auto"));
        PolyLm cpu = PolyLm.openEmbedded()) {
      assertThat(polyLm.placement().device()).isEqualTo("cpu");
      assertThat(polyLm.placement().fallback()).isEqualTo(NO_CUDA, 0);
      assertThat(polyLm.placement().warnings())
          .containsExactly("runs on the CPU: " + NO_CUDA.formatted(0));
      assertThat(polyLm.generate("Beijing is")).isEqualTo(cpu.generate("Beijing is"));
    } finally {
      logger.removeHandler(handler);
    }
    assertThat(records).hasSize(1);
    assertThat(records.get(0).getLevel()).isEqualTo(Level.WARNING);
    assertThat(records.get(0).getMessage())
        .isEqualTo("polylm-tiny: runs on the CPU: " + NO_CUDA, 0);
  }

  @Test
  void aPlacementNamesTheNodesThatTheDeviceCanNotRun() {
    Placement placement =
        new Placement(
            "cuda:0", "cpu", new TreeMap<>(Map.of("GroupQueryAttention", 6, "Cast", 1)), null);
    assertThat(placement.warnings())
        .containsExactly(
            "cuda:0 can't run these nodes, so the CPU runs them: 1 Cast, 6 GroupQueryAttention");
  }

  /** All code opens sessions in one place, which takes the device. */
  @Test
  void noOtherPlaceOpensASession() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(".."))) {
      assertThat(
              files
                  .filter(file -> file.toString().matches(".*/src/main/.*\\.java"))
                  .filter(file -> text(file).contains("createSession("))
                  .map(file -> file.getFileName().toString()))
          .containsExactly("Sessions.java");
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
