package dev.polylm.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.PolyLm;
import io.quarkus.test.QuarkusUnitTest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The guide's lines for Helidon, which any container with CDI and MicroProfile Config takes. */
final class HelidonGuideTest {
  // >>>
  @ApplicationScoped
  public static class Models {
    @Produces
    @Singleton
    PolyLm polyLm(@ConfigProperty(name = "polylm.model.path") String path) {
      return PolyLm.open(Path.of(path));
    }

    void close(@Disposes PolyLm polyLm) {
      polyLm.closeNow();
    }
  }

  // <<<

  @RegisterExtension
  static final QuarkusUnitTest APPLICATION =
      new QuarkusUnitTest()
          .withApplicationRoot(jar -> jar.addClasses(Models.class, TestModel.class))
          .overrideConfigKey("quarkus.http.test-port", "0")
          .overrideConfigKey("quarkus.polylm.lazy", "true")
          .overrideConfigKey("polylm.model.path", TestModel.inFolder().toString());

  @Inject PolyLm polyLm;

  @Test
  void defineABean() {
    assertThat(polyLm.generate(TestModel.CARD)).isEqualTo("\n" + TestModel.ANSWER);
  }

  @Test
  void areInTheGuide() throws Exception {
    String here =
        lines("src/test/java/dev/polylm/quarkus/deployment/HelidonGuideTest.java")
            .split("// >>>\n|\n+// <<<", -1)[1];
    assertThat(lines("../../../docs/helidon-and-micronaut.md"))
        .contains(here.strip().replace("public static class", "public class"));
  }

  /** A file's lines without their indentation. */
  private static String lines(String file) throws Exception {
    return Files.readAllLines(Path.of(file)).stream()
        .map(String::strip)
        .collect(Collectors.joining("\n"));
  }
}
