package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLm;
import dev.polylm.export.ExportListener;
import dev.polylm.export.ExportOptions;
import dev.polylm.export.Exporter;
import dev.polylm.export.WeightType;
import io.micronaut.context.ApplicationContext;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guide's lines for Micronaut, in Micronaut. */
final class MicronautGuideTest {
  @TempDir private Path folder;
  @TempDir private Path classes;

  @Test
  void defineABean() throws Exception {
    String guide = Files.readString(Path.of("../docs/helidon-and-micronaut.md"));
    String lines = guide.split("## Micronaut\\s+```java\n|```", -1)[3];
    SourceText.assertProcess(
        classes, List.of(new SourceText("guide/Models", "package guide;\n" + lines)));
    Path model = folder.resolve("model");
    ExportOptions options =
        ExportOptions.builder(Fixtures.CHECKPOINT, model).weights(WeightType.FP32).build();
    Exporter.export(options, ExportListener.NONE);
    PolyLm polyLm;
    try (URLClassLoader loader =
            new URLClassLoader(new URL[] {classes.toUri().toURL()}, getClass().getClassLoader());
        ApplicationContext context =
            ApplicationContext.builder()
                .classLoader(loader)
                .properties(Map.of("polylm.model.path", model.toString()))
                .start()) {
      polyLm = context.getBean(PolyLm.class);
      assertThat(polyLm.generate(AskingProgram.QUESTION).strip()).isEqualTo(AskingProgram.ANSWER);
    }
    assertThatThrownBy(() -> polyLm.generate("a")).hasMessage("the model is closed");
  }
}
