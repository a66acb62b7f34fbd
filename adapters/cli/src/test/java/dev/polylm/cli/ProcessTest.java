package dev.polylm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs the command as a process of its own, in a locale that has no Chinese. */
class ProcessTest {
  @TempDir private Path folder;

  @Test
  void printsInUtf8WhateverTheLocale() throws Exception {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process =
        builder("generate", GenerateCommandTest.CARD)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(Files.readString(out)).isEqualTo(GenerateCommandTest.ANSWER);
    assertThat(err).as("what libraries say").isEmptyFile();
  }

  /** A file can be read in another way than a pipe. */
  @Test
  void readsAPromptFromAPipeAndFromAFile() throws Exception {
    Path out = folder.resolve("out");
    Path card =
        Files.writeString(folder.resolve("card"), GenerateCommandTest.CARD.replace("\\n", "\n"));
    for (Redirect in : List.of(Redirect.PIPE, Redirect.from(card.toFile()))) {
      Process process =
          builder("generate")
              .redirectInput(in)
              .redirectOutput(out.toFile())
              .redirectError(Redirect.INHERIT)
              .start();
      try (OutputStream pipe = process.getOutputStream()) {
        if (in.equals(Redirect.PIPE)) {
          Files.copy(card, pipe);
        }
      }
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).isZero();
      assertThat(Files.readString(out)).isEqualTo(GenerateCommandTest.ANSWER);
    }
  }

  @Test
  void answersALineBeforeTheNextIsWritten() throws Exception {
    ProcessBuilder builder = builder("tokenize", "--jsonl", "-", "--output", "-");
    Process process = builder.redirectError(Redirect.DISCARD).start();
    try (var in = process.outputWriter(StandardCharsets.UTF_8);
        var out = process.inputReader(StandardCharsets.UTF_8)) {
      for (int i = 0; i < 2; i++) {
        in.write("{\"ids\": [5581, 321]}\n");
        in.flush();
        assertThat(out.readLine()).isEqualTo("{\"text\":\"Beijing is\"}");
      }
      in.write("no JSON\n");
      in.flush();
      assertThat(out.readLine()).startsWith("{\"error\":");
    }
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
  }

  /** A reader that leaves after the first line, as head does, is no error. */
  @Test
  void endsQuietlyWhereNobodyReadsOn() throws Exception {
    Process process = builder("tokenize", "--jsonl", "-", "--output", "-").start();
    try (var in = process.outputWriter(StandardCharsets.UTF_8)) {
      in.write("{\"ids\": [5581, 321]}\n");
      in.flush();
      assertThat(process.inputReader(StandardCharsets.UTF_8).readLine()).contains("Beijing");
      process.getInputStream().close();
      in.write("{\"ids\": [5581, 321]}\n");
      in.flush();
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    }
    assertThat(process.exitValue()).isZero();
    assertThat(process.errorReader(StandardCharsets.UTF_8).lines()).isEmpty();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void saysThatADiskIsFull() throws Exception {
    Process process =
        builder("tokenize", "x").redirectOutput(Path.of("/dev/full").toFile()).start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(process.errorReader(StandardCharsets.UTF_8).lines())
        .containsExactly("polylm: standard output: can't be written: No space left on device");
  }

  /** Returns the command line of a process with arguments. */
  static List<String> command(String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1"); // a short run ends sooner
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED"); // as the jar's manifest
      command.add("--sun-misc-unsafe-memory-access=allow"); // as the script
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(args));
    return command;
  }

  private static ProcessBuilder builder(String... args) {
    ProcessBuilder builder = new ProcessBuilder(command(args));
    builder.environment().put("LC_ALL", "C");
    return builder;
  }
}
