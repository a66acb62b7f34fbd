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
