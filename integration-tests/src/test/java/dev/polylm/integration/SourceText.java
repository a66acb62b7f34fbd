package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** A source file in memory. */
final class SourceText extends SimpleJavaFileObject {
  private final String source;

  /**
   * @param path of the file, without its ending
   */
  SourceText(String path, String source) {
    super(URI.create("string:///%s.java".formatted(path)), Kind.SOURCE);
    this.source = source;
  }

  @Override
  public CharSequence getCharContent(boolean ignoreEncodingErrors) {
    return source;
  }

  /** Compiles sources with this test's class path. */
  static void assertCompile(Path classes, List<SourceText> sources) {
    assertCompile(classes, sources, "-proc:none");
  }

  /** Compiles sources with this test's class path, and the annotation processors in it. */
  static void assertProcess(Path classes, List<SourceText> sources) {
    assertCompile(classes, sources, "-processorpath", System.getProperty("java.class.path"));
  }

  private static void assertCompile(Path classes, List<SourceText> sources, String... processing) {
    StringWriter said = new StringWriter();
    List<String> options = new ArrayList<>(List.of(processing));
    options.addAll(
        List.of("-d", classes.toString(), "-classpath", System.getProperty("java.class.path")));
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .getTask(said, null, null, options, null, sources)
                .call())
        .as(said.toString())
        .isTrue();
  }
}
