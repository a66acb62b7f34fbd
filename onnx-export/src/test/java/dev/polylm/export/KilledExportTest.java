package dev.polylm.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.model.Manifest;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exports in a process of their own that is killed, as by kill -9, or meets a full disk. */
class KilledExportTest {
  private static final Path FIXTURE = ReferenceModel.FIXTURES.resolve("safetensors-fp32");
  @TempDir private Path folder;

  /** The process: exports, and waits to be killed when a tensor is written. */
  public static final class Victim {
    private Victim() {}

    /** Arguments: the checkpoint, the output, the tensor. */
    public static void main(String[] args) {
      ExportOptions options =
          ExportOptions.builder(Path.of(args[0]), Path.of(args[1]))
              .weights(WeightType.FP32)
              .tokenizer(false)
              .name("new")
              .force(true)
              .build();
      Exporter.export(
          options,
          (tensor, done, total) -> {
            if (tensor.equals(args[2])) {
              System.out.println("ready");
              waitForEver();
            }
          });
    }

    private static void waitForEver() {
      try {
        System.in.transferTo(OutputStream.nullOutputStream());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"wte.weight", "h.0.mlp.c_fc.weight", "ln_f.bias"})
  void leavesNothingUnderTheName(String tensor) throws Exception {
    Path output = folder.toRealPath().resolve("model");

    kill(output, tensor);

    assertThat(output).doesNotExist();
    List<Path> left = entries();
    assertThat(left).hasSize(1);
    ExportReport report = export(output, "second");
    assertThat(report.leftovers()).isEqualTo(left);
    assertThat(Inspector.inspect(output).manifest().name()).isEqualTo("second");
  }

  @Test
  void leavesTheOldModel() throws Exception {
    Path output = folder.toRealPath().resolve("model");
    Manifest old = export(output, "old").manifest();
    assertThat(export(output, "old").leftovers()).isEmpty();

    kill(output, "ln_f.bias");

    assertThat(Inspector.inspect(output).manifest()).isEqualTo(old);
  }

  @Test
  void aFullDiskEndsInASentenceAndLeavesNothing() throws Exception {
    Path output = folder.resolve("model");
    // Files end at 100 blocks of 512 or 1024 bytes, which fails as a full disk does.
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                "ulimit -f 100; exec \"$@\"",
                "sh",
                java(),
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                FIXTURE.toString(),
                output.toString(),
                "ln_f.bias")
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(said)
        .contains("dev.polylm.PolyLmException: ")
        .containsPattern("model\\.onnx\\.data: can't be written: \\S+: \\S+");
    assertThat(entries()).isEmpty();
  }

  private static void kill(Path output, String tensor) throws Exception {
    Process process =
        new ProcessBuilder(
                java(),
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                FIXTURE.toString(),
                output.toString(),
                tensor)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(process.inputReader().readLine()).isEqualTo("ready");
    process.destroyForcibly();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static ExportReport export(Path output, String name) {
    return Exporter.export(
        ExportOptions.builder(FIXTURE, output)
            .weights(WeightType.FP32)
            .tokenizer(false)
            .name(name)
            .force(true)
            .build(),
        ExportListener.NONE);
  }

  private List<Path> entries() throws IOException {
    try (Stream<Path> entries = Files.list(folder.toRealPath())) {
      return entries.sorted().toList();
    }
  }
}
