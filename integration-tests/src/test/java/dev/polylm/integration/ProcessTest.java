package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the SDK does to the process that it runs in, and leaves of it. */
final class ProcessTest {
  /** Java makes sockets to learn which kinds there are; it is an address that says where to. */
  private static final Pattern ADDRESS = Pattern.compile("sa_family=AF_INET|resolve");

  @TempDir private Path folder;
  private ChildJvm child;

  @BeforeEach
  void prepare() throws IOException {
    child = new ChildJvm(folder);
  }

  private static List<String> with(List<String> arguments, String... more) {
    return Stream.concat(arguments.stream(), Stream.of(more)).toList();
  }

  /** Reads both answers. */
  private static BufferedReader awaitAnswers(Process process) throws IOException {
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    assertThat(out.readLine()).isEqualTo(AskingProgram.ANSWER);
    assertThat(out.readLine()).isEqualTo(AskingProgram.ANSWER);
    return out;
  }

  /** A command line that some versions of ONNX Runtime die of, as they look what it says. */
  @Test
  void nothingIsSentAndNothingIsLeft() throws Exception {
    Path calls = folder.resolve("calls");
    List<String> tracer = List.of("strace", "-f", "-qq", "-e", "trace=network", "-o", calls + "");
    boolean traced = ChildJvm.works(with(tracer, "true").toArray(String[]::new));
    Process process =
        child.start(traced ? tracer : List.of(), with(ChildJvm.ASK, "x".repeat(6_000)));
    awaitAnswers(process);
    assertThat(sockets(process)).isEmpty();
    child.end(process);
    assertThat(process.exitValue()).as(child.errors()).isZero();
    assertThat(ChildJvm.below(child.home)).isEmpty();
    assertThat(child.left()).isEmpty();
    if (traced) {
      assertThat(Files.readString(calls)).doesNotContainPattern(ADDRESS);
    }
  }

  /** What is open of the network, where the system says so. */
  private static List<String> sockets(Process process) throws IOException {
    Path files = Path.of("/proc", process.pid() + "", "fd");
    List<String> found = new ArrayList<>();
    if (Files.isDirectory(files)) {
      for (Path file : ChildJvm.below(files)) {
        if (Files.isSymbolicLink(file)) {
          found.add(Files.readSymbolicLink(file).toString());
        }
      }
    }
    found.removeIf(target -> !target.startsWith("socket:"));
    return found;
  }

  /**
   * Neither by SLF4J, which has nothing to log to, nor by Java, which is told what is wanted.
   * Beside Micrometer, which logs too, SLF4J would speak up.
   */
  @Test
  void nothingIsSaid() throws Exception {
    String classPath =
        ChildJvm.classPath().stream()
            .map(Path::toString)
            .filter(entry -> !entry.contains("slf4j-jdk14") && !entry.contains("micrometer-"))
            .collect(Collectors.joining(File.pathSeparator));
    List<String> asked =
        Runtime.version().feature() < 24
            ? List.of()
            : List.of("--enable-native-access=ALL-UNNAMED");
    Process process =
        child.start(with(asked, List.of("-cp", classPath, AskingProgram.class.getName())));
    awaitAnswers(process);
    child.end(process);
    assertThat(child.errors()).isEmpty();
  }

  @Test
  void whatAKilledProcessLeftIsDeletedByTheNext() throws Exception {
    Process killed = child.start(ChildJvm.ASK);
    awaitAnswers(killed);
    List<Path> ofKilled = child.left();
    assertThat(ofKilled).anyMatch(path -> path.toString().contains("onnxruntime"));
    Process beside = child.start(ChildJvm.ASK);
    awaitAnswers(beside);
    assertThat(child.left()).containsAll(ofKilled).hasSizeGreaterThan(ofKilled.size());
    child.end(beside);
    assertThat(child.left()).isEqualTo(ofKilled);
    killed.destroyForcibly().waitFor();
    assertThat(child.left()).isEqualTo(ofKilled);
    child.end(child.start(ChildJvm.ASK));
    assertThat(child.left()).isEmpty();
  }

  @Test
  void severalMayStartAtOnce() throws Exception {
    Process killed = child.start(ChildJvm.ASK);
    awaitAnswers(killed);
    killed.destroyForcibly().waitFor();
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      processes.add(child.start(ChildJvm.ASK));
    }
    for (Process process : processes) {
      awaitAnswers(process);
    }
    for (Process process : processes) {
      child.end(process);
      assertThat(process.exitValue()).isZero();
    }
    assertThat(child.left()).isEmpty();
  }

  /** Where libraries were unpacked to, or could be thought to be. */
  @Test
  void aPlantedLibraryIsNotLoaded() throws Exception {
    String file = System.mapLibraryName("onnxruntime");
    List<Path> planted = new ArrayList<>();
    for (String name : List.of(".", "onnxruntime-java", "polylm-unpacked", ".polylm")) {
      Path place = Files.createDirectories(child.temporaryFiles.resolve(name));
      planted.add(Files.writeString(place.resolve(file), "planted").normalize());
    }
    Process process = child.start(ChildJvm.ASK);
    awaitAnswers(process);
    child.end(process);
    assertThat(process.exitValue()).as(child.errors()).isZero();
    assertThat(planted).allSatisfy(path -> assertThat(path).hasContent("planted"));
  }

  @Test
  void aFolderThatIsMissingIsNamed() throws Exception {
    Files.delete(child.temporaryFiles);
    assertFails(
        List.of(),
        ChildJvm.ASK,
        child.temporaryFiles
            + ": can't hold what PolyLM unpacks: there is no such folder; name another folder for"
            + " temporary files by -Djava.io.tmpdir=DIR");
  }

  /** A library that the system refuses, as it does where a folder is mounted noexec. */
  @Test
  void aLibraryThatCantBeLoadedIsNamedWithItsFolder() throws Exception {
    Path libraries = Files.createDirectory(folder.resolve("libraries"));
    Path library =
        Files.writeString(libraries.resolve(System.mapLibraryName("onnxruntime")), "no library");
    assertFails(
        List.of(),
        with(List.of("-Donnxruntime.native.path=" + libraries), ChildJvm.ASK),
        libraries + ": ONNX Runtime's library can't be loaded from this folder: " + library + ": ",
        "; where it is mounted noexec, name another folder for temporary files by"
            + " -Djava.io.tmpdir=DIR, or one that holds the library by"
            + " -Donnxruntime.native.path=DIR");
  }

  private static List<String> with(List<String> arguments, List<String> more) {
    return with(arguments, more.toArray(String[]::new));
  }

  private void assertFails(List<String> launcher, List<String> arguments, String... sentence)
      throws Exception {
    Process process = child.start(launcher, arguments);
    child.end(process);
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(child.errors()).contains("dev.polylm.PolyLmException: ").contains(sentence);
  }

  /** Of the system's own refusal, where a user may mount something. */
  @Test
  void aFolderThatIsMountedNoexecOrReadOnlyIsNamed() throws Exception {
    boolean mayMount = ChildJvm.works(mounting("noexec", "true").toArray(String[]::new));
    for (String option : mayMount ? List.of("noexec", "ro") : List.<String>of()) {
      boolean noexec = option.equals("noexec");
      assertFails(
          mounting(option),
          ChildJvm.ASK,
          child.temporaryFiles.toString(),
          noexec ? "where it is mounted noexec" : "Read-only file system",
          "name another folder for temporary files by -Djava.io.tmpdir=DIR");
    }
    assertThat(child.left()).isEmpty();
  }

  private List<String> mounting(String option, String... command) {
    String script =
        "mount -t tmpfs -o %s tmpfs %s && exec \"$@\"".formatted(option, child.temporaryFiles);
    return with(List.of("unshare", "-rm", "sh", "-c", script, "sh"), command);
  }
}
