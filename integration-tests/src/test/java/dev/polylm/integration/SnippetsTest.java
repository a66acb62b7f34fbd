package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples in the Javadoc of exported packages compile. */
final class SnippetsTest {
  private static final List<Path> SOURCES =
      List.of(
          Path.of("../sdk-core/src/main/java"),
          Path.of("../onnx-export/src/main/java"),
          Path.of("../adapters/langchain4j/src/main/java"));
  private static final Pattern EXPORTS = Pattern.compile("exports (\\S+);");
  private static final Pattern SNIPPET =
      Pattern.compile("<pre>\\{@code\\R(.*?)}</pre>", Pattern.DOTALL);
  private static final Pattern TYPE =
      Pattern.compile(
          "^public (?:abstract |final )?(class|interface|record) (\\w+)", Pattern.MULTILINE);

  /** What examples may use without saying where it comes from. */
  private static final String FRAME =
      """
      %s
      import java.nio.file.*;
      import java.time.*;
      import java.util.*;
      import java.util.concurrent.*;
      import java.util.stream.*;
      abstract class Snippet%d {
        static dev.polylm.PolyLm polyLm;
        void run() throws Exception {
      %s
        }
      }
      """;

  @TempDir private Path classes;

  @Test
  void compile() throws IOException {
    StringBuilder imports = new StringBuilder("import dev.langchain4j.model.chat.request.*;\n");
    exportedFolders().forEach(folder -> imports.append("import %s.*;\n".formatted(name(folder))));
    List<SourceText> units = new ArrayList<>();
    for (Path file : exportedFiles()) {
      Matcher snippets = SNIPPET.matcher(Files.readString(file));
      while (snippets.find()) {
        String code = snippets.group(1).replaceAll("(?m)^ *\\* ?", "");
        int number = units.size();
        units.add(new SourceText("Snippet" + number, FRAME.formatted(imports, number, code)));
      }
    }
    assertThat(units).hasSizeGreaterThan(20);
    SourceText.assertCompile(classes, units);
  }

  @Test
  void areThereForEachPublicType() throws IOException {
    Set<String> without = new TreeSet<>();
    for (Path file : exportedFiles()) {
      String source = Files.readString(file);
      Matcher type = TYPE.matcher(source);
      if (type.find() && !source.substring(0, type.start()).contains("<pre>{@code")) {
        without.add(type.group(2));
      }
    }
    without.removeIf(type -> type.endsWith("BuilderFactory")); // LangChain4j's convention says it
    assertThat(without).isEmpty();
  }

  private static List<Path> exportedFolders() throws IOException {
    List<Path> folders = new ArrayList<>();
    for (Path sources : SOURCES) {
      Matcher exports = EXPORTS.matcher(Files.readString(sources.resolve("module-info.java")));
      while (exports.find()) {
        folders.add(sources.resolve(exports.group(1).replace('.', '/')));
      }
    }
    return folders;
  }

  private static List<Path> exportedFiles() throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path folder : exportedFolders()) {
      try (Stream<Path> listed = Files.list(folder)) {
        listed.filter(file -> file.toString().endsWith(".java")).sorted().forEach(files::add);
      }
    }
    return files;
  }

  private static String name(Path folder) {
    String path = folder.toString().replace('\\', '/').replace('/', '.');
    return path.substring(path.indexOf("dev.polylm"));
  }
}
