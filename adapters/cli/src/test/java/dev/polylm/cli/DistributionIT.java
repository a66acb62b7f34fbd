package dev.polylm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The zip, unpacked in an empty folder, works with a JDK alone. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "bin/polylm is a script for POSIX shells")
class DistributionIT {
  @TempDir private Path folder;

  @Test
  void theZipWorksWithAJdkAlone() throws Exception {
    Path home = unpack(Path.of(System.getProperty("polylm.distribution")));
    Path program = home.resolve("bin/polylm");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    assertThat(run(program, "generate", GenerateCommandTest.CARD))
        .isEqualTo(GenerateCommandTest.ANSWER);
    assertThat(home.resolve("polylm.jsa")).isNotEmptyFile();
    assertSurvivesAnotherJava(program, home.resolve("polylm.jsa"));
    assertThat(run(program, "serve", "--help")).contains("--drain-seconds");
    assertThat(home.resolve("polylm-serve.jsa")).isNotEmptyFile();
    Path link = Files.createSymbolicLink(folder.resolve("linked"), program);
    assertThat(run(link, "generate", GenerateCommandTest.CARD))
        .isEqualTo(GenerateCommandTest.ANSWER);
    assertThat(run(program, "--version")).startsWith("polylm 0.");
    assertThat(home.resolve("completions/polylm.bash")).content().contains("--max-new-tokens");
    assertThat(home.resolve("completions/_polylm")).content().contains("'--max-new-tokens[");
    assertThat(home.resolve("completions/polylm.fish")).content().contains("-l max-new-tokens");
    assertThat(home.resolve("man/man1/polylm-translate.1"))
        .content()
        .contains(".SH NAME\npolylm\\-translate \\- ", "\\fB\\-\\-resume\\fR");
    assertThat(home.resolve("LICENSE")).exists();
    assertThat(home.resolve("bin/polylm.cmd")).exists();
  }

  /** An archive that does not fit is not used, and one that another Java made is made anew. */
  private void assertSurvivesAnotherJava(Path program, Path archive) throws Exception {
    assertThat(archive.toFile().setWritable(true)).isTrue();
    Files.writeString(archive, "no archive");
    assertThat(run(program, "generate", GenerateCommandTest.CARD))
        .isEqualTo(GenerateCommandTest.ANSWER);
    assertThat(archive).hasContent("no archive");
    Files.writeString(archive.resolveSibling("polylm.jsa.of"), "/another/bin/java,");
    assertThat(run(program, "generate", GenerateCommandTest.CARD))
        .isEqualTo(GenerateCommandTest.ANSWER);
    assertThat(Files.size(archive)).isGreaterThan(1_000_000);
  }

  private Path unpack(Path zip) throws IOException {
    List<Path> tops = new ArrayList<>();
    try (ZipFile file = new ZipFile(zip.toFile())) {
      for (ZipEntry entry : file.stream().toList()) {
        Path target = folder.resolve(entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(target.getParent());
          try (InputStream in = file.getInputStream(entry)) {
            Files.copy(in, target);
          }
        }
      }
    }
    try (var all = Files.list(folder)) {
      all.forEach(tops::add);
    }
    assertThat(tops).hasSize(1);
    return tops.get(0);
  }

  private String run(Path program, String... args) throws Exception {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(args));
    Path out = folder.resolve("out");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(Redirect.INHERIT)
            .directory(folder.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isZero();
    return Files.readString(out, StandardCharsets.UTF_8);
  }
}
