package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Starts JVMs with a home and a folder for temporary files of their own, and no environment. */
final class ChildJvm {
  static final List<String> ASK =
      List.of("-cp", System.getProperty("java.class.path"), AskingProgram.class.getName());

  private static final Pattern SEPARATOR = Pattern.compile(Pattern.quote(File.pathSeparator));

  final Path home;
  final Path temporaryFiles;
  private final Path errors;

  ChildJvm(Path folder) throws IOException {
    this.home = Files.createDirectory(folder.resolve("home"));
    this.temporaryFiles = Files.createDirectory(folder.resolve("tmp"));
    this.errors = folder.resolve("errors");
  }

  /** What this JVM's class path names and has. */
  static List<Path> classPath() {
    return SEPARATOR
        .splitAsStream(System.getProperty("java.class.path"))
        .map(Path::of)
        .filter(Files::exists)
        .toList();
  }

  /** Starts one; what it prints is read by the caller, who closes its standard input. */
  Process start(List<String> launcher, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(launcher);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-Duser.home=" + home));
    command.add("-Djava.io.tmpdir=" + temporaryFiles);
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    Map<String, String> environment = builder.environment();
    String path = environment.getOrDefault("PATH", "");
    environment.clear();
    environment.putAll(Map.of("PATH", path, "HOME", home.toString()));
    environment.put("TMPDIR", temporaryFiles.toString());
    return builder.start();
  }

  Process start(List<String> arguments) throws IOException {
    return start(List.of(), arguments);
  }

  /** Lets it end, and gives what else it printed. */
  String end(Process process) throws Exception {
    process.getOutputStream().close();
    String rest = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return rest;
  }

  /** What it has said to people. */
  String errors() throws IOException {
    return Files.readString(errors);
  }

  /** What is in the folder for temporary files, and below it. */
  List<Path> left() {
    return below(temporaryFiles);
  }

  static List<Path> below(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.filter(path -> !path.equals(folder)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a command runs and ends well here. */
  static boolean works(String... command) throws Exception {
    try {
      Process process =
          new ProcessBuilder(Arrays.asList(command))
              .redirectOutput(Redirect.DISCARD)
              .redirectError(Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false; // it is not installed
    }
  }
}
