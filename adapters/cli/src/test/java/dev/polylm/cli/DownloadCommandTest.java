package dev.polylm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.cli.hub.LocalHub;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadCommandTest {
  @TempDir private Path folder;

  @Test
  void downloadsAndSaysWhatComesNext() {
    Path target = folder.resolve("here");
    try (LocalHub hub = new LocalHub()) {
      Run run =
          Run.of(
              new byte[0],
              Screen.NONE,
              Map.of("HF_ENDPOINT", hub.endpoint().toString()),
              "download",
              LocalHub.REPOSITORY,
              "--to",
              target.toString());
      assertThat(run)
          .isEqualTo(
              new Run(
                  0,
                  "",
                  """
                  DAMO-NLP-MT/polylm-test at 0123456789ab: 2 files, 0.6 MB. Licence: apache-2.0.
                  Downloaded to %s.
                  Now run: polylm export --checkpoint %s --output %s-onnx
                  """
                      .formatted(target, target, target)));
      assertThat(target.resolve(LocalHub.WEIGHTS)).exists();
      Run again =
          Run.of("download", LocalHub.REPOSITORY, "--endpoint=" + hub.endpoint(), "--to=" + target);
      assertThat(again.status()).isEqualTo(1);
      assertThat(again.err())
          .endsWith("polylm: %s: exists; remove it, or name another folder\n".formatted(target));
    }
  }

  @Test
  void whatIsNoRepositoryIsAUsageError() {
    Run run = Run.of("download", "nobody");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo(
            """
            polylm: "nobody" is no repository; expected owner/name, such as DAMO-NLP-MT/polylm-1.7b
            Try 'polylm download --help'.
            """);
  }

  @Test
  void anInterruptEndsItWithoutAnError() throws Exception {
    try (LocalHub hub = new LocalHub()) {
      CountDownLatch begun = new CountDownLatch(1);
      hub.behaviour = (exchange, content, request) -> begun.countDown();
      FutureTask<Run> download =
          new FutureTask<>(
              () ->
                  Run.of(
                      "download",
                      LocalHub.REPOSITORY,
                      "--endpoint=" + hub.endpoint(),
                      "--to=" + folder.resolve("x")));
      Thread command = new Thread(download);
      command.start();
      begun.await();
      command.interrupt();
      Run run = download.get();
      assertThat(run.status()).isEqualTo(130);
      assertThat(run.err()).doesNotContain("polylm:");
    }
  }

  /** The cache that Hugging Face's programs keep holds links to files named by their hash. */
  @Test
  void exportsACheckpointOfHuggingFacesCache() throws Exception {
    Path repository = Files.createDirectories(folder.resolve("hub/models--DAMO--polylm-chat-x"));
    Path snapshots = Files.createDirectories(repository.resolve("snapshots"));
    Files.createSymbolicLink(
        snapshots.resolve(LocalHub.COMMIT), Path.of(ExportCommandTest.CHECKPOINT).toRealPath());
    Files.createDirectories(repository.resolve("refs"));
    Files.writeString(repository.resolve("refs/main"), LocalHub.COMMIT);
    Map<String, String> environment = Map.of("HF_HOME", folder.toString());
    Path output = folder.resolve("out");
    String[] rest = {"--output", output.toString(), "--weights", "fp32", "--no-verify", "--force"};
    for (String checkpoint : new String[] {"DAMO/polylm-chat-x", repository.toString()}) {
      Run run =
          Run.of(
              new byte[0],
              Screen.NONE,
              environment,
              "export",
              "--checkpoint",
              checkpoint,
              rest[0],
              rest[1],
              rest[2],
              rest[3],
              rest[4],
              rest[5]);
      assertThat(run.status()).as(run.err()).isZero();
      assertThat(output.resolve("manifest.json"))
          .content()
          .contains("\"name\" : \"polylm-chat-x\"", "\"prompt_form\" : \"chat\"");
    }
    Files.writeString(repository.resolve("refs/main"), "../../evil");
    assertThat(
            Run.of(
                    new byte[0],
                    Screen.NONE,
                    environment,
                    "export",
                    "--checkpoint=DAMO/polylm-chat-x",
                    "--output=x")
                .err())
        .contains("refs/main: names the commit \"../../evil\", expected 40 hexadecimal digits");
  }
}
