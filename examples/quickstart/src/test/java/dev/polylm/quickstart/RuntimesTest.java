package dev.polylm.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The quickstart in Java processes of its own. */
class RuntimesTest {
  private static final Pattern TEST_ONLY =
      Pattern.compile("test-classes|junit|assertj|opentest4j|apiguardian|byte-buddy|surefire");
  private static final Pattern JLINK = Pattern.compile("jlink --add-modules ([\\w.,]+)");
  private static final String MAIN = Quickstart.class.getName();

  @TempDir private Path folder;

  @Test
  void runsOnTheModulePathWithoutFlags() throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    String modules = String.join(File.pathSeparator, jars());
    assertThat(run(java, "--module-path", modules, "--module", "dev.polylm.quickstart/" + MAIN))
        .endsWith("北京是中国的首都。");
  }

  /** jlink takes no automatic modules, so the libraries stay on the class path. */
  @Test
  void runsOnTheJdkModulesThatTheReadmeNames() throws Exception {
    Path runtime = folder.resolve("runtime");
    Matcher named = JLINK.matcher(Files.readString(Path.of("../../README.md")));
    assertThat(named.find()).isTrue();
    tool("jlink", "--add-modules", named.group(1), "--output", runtime.toString());
    String classPath = String.join(File.pathSeparator, entries());
    assertThat(run(runtime.resolve("bin/java"), "--class-path", classPath, MAIN))
        .endsWith("北京是中国的首都。");
  }

  /** What the quickstart runs with, of the class path of this test. */
  private static List<String> entries() {
    return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
        .splitAsStream(System.getProperty("java.class.path"))
        .filter(entry -> !TEST_ONLY.matcher(entry).find())
        .toList();
  }

  /** The same as jars: a folder of classes without a descriptor is no module. */
  private List<String> jars() throws IOException {
    List<String> jars = new ArrayList<>();
    for (String entry : entries()) {
      if (Files.isDirectory(Path.of(entry))) {
        String jar = Files.createTempFile(folder, "classes", ".jar").toString();
        tool("jar", "--create", "--file", jar, "-C", entry, ".");
        jars.add(jar);
      } else {
        jars.add(entry);
      }
    }
    return jars;
  }

  private static void tool(String name, String... arguments) {
    StringWriter said = new StringWriter();
    PrintWriter writer = new PrintWriter(said);
    int status = ToolProvider.findFirst(name).orElseThrow().run(writer, writer, arguments);
    assertThat(status).as(said.toString()).isZero();
  }

  /** What a Java process prints, which must end well. */
  private String run(Path java, String... arguments) throws Exception {
    Path errors = folder.resolve("errors.txt");
    List<String> command = new ArrayList<>(List.of(java.toString(), "-Dfile.encoding=UTF-8"));
    command.add("-Dstdout.encoding=UTF-8");
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    String printed =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
    return printed;
  }
}
