package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLm;
import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guide's lines for Micronaut, compiled with Micronaut's processor. */
final class MicronautGuideTest {
  private static final String IMPORTS =
      """
      import dev.polylm.PolyLm;
      import io.micronaut.context.annotation.*;
      import jakarta.inject.Singleton;
      import java.nio.file.Path;
      """;

  @TempDir private Path folder;

  @Test
  void defineABean() throws Exception {
    Path classes = compiled();
    PolyLm polyLm;
    try (URLClassLoader loader =
            new URLClassLoader(
                new URL[] {classes.toUri().toURL()}, getClass().getClassLoader());
        ApplicationContext context =
            ApplicationContext.builder()
                .classLoader(loader)
                .properties(Map.of("polylm.model.path", model().toString()))
                .start()) {
      polyLm = context.getBean(PolyLm.class);
      assertThat(
              polyLm.generate(
                  "Beijing is the capital of China.\nTranslate this sentence from English to Chinese."))
          .isEqualTo("\n北京是中国的首都。");
    }
    assertThatThrownBy(() -> polyLm.generate("a")).hasMessage("the model is closed");
  }

  private Path compiled() throws IOException {
    String guide = Files.readString(Path.of("../docs/helidon-and-micronaut.md"));
    String lines = guide.substring(guide.indexOf("## Micronaut"));
    lines = lines.substring(lines.indexOf("```java") + 7, lines.lastIndexOf("```"));
    Path source = Files.createDirectories(folder.resolve("source/app")).resolve("Models.java");
    Files.writeString(source, "package app;\n" + IMPORTS + lines);
    Path classes = Files.createDirectory(folder.resolve("classes"));
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    List<String> options =
        List.of(
            "-d",
            classes.toString(),
            "-classpath",
            System.getProperty("java.class.path"),
            "-processor",
            "io.micronaut.annotation.processing.BeanDefinitionInjectProcessor");
    var files = javac.getStandardFileManager(null, null, null).getJavaFileObjects(source);
    assertThat(javac.getTask(said, null, null, options, null, files).call())
        .as(said.toString())
        .isTrue();
    return classes;
  }

  private Path model() throws IOException {
    Path model = Files.createDirectory(folder.resolve("model"));
    try (PolyLm embedded = PolyLm.openEmbedded()) {
      for (String name : embedded.manifest().files().keySet()) {
        copy(name, model);
      }
    }
    copy("manifest.json", model);
    return model;
  }

  private static void copy(String name, Path model) throws IOException {
    try (InputStream in = PolyLm.class.getResourceAsStream("/META-INF/polylm-model/" + name)) {
      Files.copy(in, model.resolve(name));
    }
  }
}
