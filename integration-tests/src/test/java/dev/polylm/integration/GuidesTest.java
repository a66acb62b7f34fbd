package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java in the guides and READMEs compiles. */
final class GuidesTest {
  private static final Pattern BLOCK = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);
  private static final Pattern TYPE = Pattern.compile("(?m)^public class (\\w+)");

  /** What parts use without saying where it comes from. */
  private static final String COMMON =
      """
      import dev.langchain4j.model.chat.*;
      import dev.polylm.PolyLm;
      import dev.polylm.generation.GenerationConfig;
      import dev.polylm.jakarta.Model;
      import dev.polylm.server.PolyLmServer;
      import io.micrometer.core.instrument.*;
      import jakarta.annotation.*;
      import jakarta.enterprise.context.*;
      import jakarta.enterprise.event.*;
      import jakarta.inject.*;
      import jakarta.ws.rs.ApplicationPath;
      import jakarta.ws.rs.core.Application;
      import java.util.Map;
      """;

  /** Those of Spring, Quarkus and Spark, which the tests of their modules compile and run. */
  private static final Set<String> OF_OTHER_MODULES =
      Set.of(
          "../docs/quarkus.md",
          "../docs/spark.md",
          "../docs/spring.md",
          "../adapters/quarkus/README.md",
          "../adapters/spark/README.md",
          "../adapters/spring-ai/README.md",
          "../adapters/spring-boot-starter/README.md");

  @TempDir private Path classes;

  @Test
  void compile() throws IOException {
    List<SourceText> sources = new ArrayList<>();
    for (Path file : guides()) {
      Matcher blocks = BLOCK.matcher(Files.readString(file));
      while (blocks.find()) {
        sources.add(source(sources.size(), blocks.group(1)));
      }
    }
    assertThat(sources).hasSizeGreaterThan(12);
    SourceText.assertCompile(classes, sources);
  }

  private static List<Path> guides() throws IOException {
    List<Path> files = new ArrayList<>(List.of(Path.of("../README.md")));
    for (String folder : List.of("../docs", "../adapters", "../examples")) {
      try (Stream<Path> listed = Files.walk(Path.of(folder), 2)) {
        listed.filter(file -> file.toString().endsWith(".md")).sorted().forEach(files::add);
      }
    }
    assertThat(files.removeIf(file -> OF_OTHER_MODULES.contains(file.toString()))).isTrue();
    return files;
  }

  /** A block is a class, the fields of one, or statements, each with its imports or without. */
  private static SourceText source(int number, String block) {
    String imports =
        block.lines().filter(line -> line.startsWith("import ")).collect(Collectors.joining("\n"));
    String code =
        block.lines().filter(line -> !line.startsWith("import ")).collect(Collectors.joining("\n"));
    if (imports.isEmpty()) {
      imports = COMMON;
    }
    Matcher type = TYPE.matcher(code);
    String name = type.find() ? type.group(1) : "Block";
    if (!code.contains("public class")) {
      String frame = code.startsWith("@") ? "%s" : "void run() throws Exception {%n%s%n}";
      code = "class Block {%n%s%n}".formatted(frame.formatted(code));
    }
    String source = "package guide%d;%n%s%n%s".formatted(number, imports, code);
    return new SourceText("guide%d/%s".formatted(number, name), source);
  }
}
