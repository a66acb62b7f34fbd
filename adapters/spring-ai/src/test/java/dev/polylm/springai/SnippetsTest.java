package dev.polylm.springai;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples in the Javadoc compile. */
final class SnippetsTest {
  private static final Pattern SNIPPET =
      Pattern.compile("<pre>\\{@code\\R(.*?)}</pre>", Pattern.DOTALL);

  /** What examples may use without saying where it comes from. */
  private static final String FRAME =
      """
      import dev.polylm.*;
      import dev.polylm.generation.*;
      import dev.polylm.springai.*;
      abstract class Snippet%d {
        static PolyLm polyLm;
        void run() {
      %s
        }
      }
      """;

  @TempDir private Path folder;

  @Test
  void compile() throws IOException {
    List<Path> units = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Matcher snippets = SNIPPET.matcher(Files.readString(file));
        while (snippets.find()) {
          String code = snippets.group(1).replaceAll("(?m)^ *\\* ?", "");
          Path unit = folder.resolve("Snippet%d.java".formatted(units.size()));
          units.add(Files.writeString(unit, FRAME.formatted(units.size(), code)));
        }
      }
    }
    assertThat(units).hasSize(3);
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    List<String> options =
        List.of(
            "-d",
            folder.toString(),
            "-proc:none",
            "-classpath",
            System.getProperty("java.class.path"));
    var files = javac.getStandardFileManager(null, null, null).getJavaFileObjectsFromPaths(units);
    assertThat(javac.getTask(said, null, null, options, null, files).call())
        .as(said.toString())
        .isTrue();
  }
}
