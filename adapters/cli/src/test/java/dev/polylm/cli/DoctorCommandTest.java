package dev.polylm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
  @TempDir private Path folder;

  @Test
  void findsThatModelsRun() {
    Run run = Run.withHome(folder, "doctor");
    assertThat(run.status()).isZero();
    assertThat(run.outLines())
        .anyMatch(line -> line.startsWith("ok   Java             " + Runtime.version()))
        .anyMatch(line -> line.matches("(ok|hmm) +Processor +\\d+ cores, .*"))
        .anyMatch(line -> line.matches("(ok|hmm) +Memory +[0-9.]+ GB, .*"))
        .anyMatch(line -> line.matches("ok +Temporary files +.* can be written to"))
        .anyMatch(line -> line.matches("ok +ONNX Runtime +[0-9.]+ runs on .*CPU.*"))
        .anyMatch(line -> line.matches("ok +Embedded model +polylm-tiny answers"))
        .anyMatch(line -> line.startsWith("hmm  POLYLM_HOME      " + folder + " has 0 models"));
  }

  @Test
  void findsWhetherAGpuCanBeUsed() {
    String noCuda =
        "device is cuda:0, but this ONNX Runtime has only [CPU]; expected one with CUDA";
    Run auto = Run.withHome(folder, "doctor", "--device", "auto");
    assertThat(auto.status()).isZero();
    assertThat(auto.outLines())
        .contains("hmm  Embedded model   polylm-tiny answers on cpu")
        .anyMatch(line -> line.strip().startsWith("runs on the CPU: " + noCuda));

    Run cuda = Run.withHome(folder, "doctor", "--device", "cuda");
    assertThat(cuda.status()).isEqualTo(1);
    assertThat(cuda.outLines())
        .anyMatch(line -> line.startsWith("bad  Embedded model   " + noCuda));

    Run none = Run.withHome(folder, "doctor", "--device", "gpu");
    assertThat(none.status()).isEqualTo(2);
    assertThat(none.err()).startsWith("polylm: device is \"gpu\", must be cpu, cuda, cuda:N, auto");
  }

  @Test
  void saysWhatIsWrong() {
    String before = System.getProperty("java.io.tmpdir");
    try {
      System.setProperty("java.io.tmpdir", folder.resolve("missing").toString());
      Run run = Run.withHome(folder, "doctor");
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.outLines())
          .contains(
              "bad  Temporary files  %s: can't be written: there is no such file or folder"
                  .formatted(folder.resolve("missing")),
              "                      Name another folder with"
                  + " JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=DIR.");
    } finally {
      System.setProperty("java.io.tmpdir", before);
    }
  }
}
