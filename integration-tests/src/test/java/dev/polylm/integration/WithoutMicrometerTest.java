package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Micrometer is optional: frameworks that look into the SDK's classes must not miss it. */
final class WithoutMicrometerTest {
  private static URL url(Path path) {
    try {
      return path.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static URLClassLoader loader() {
    URL[] urls =
        ChildJvm.classPath().stream()
            .filter(path -> !path.toString().contains("micrometer-"))
            .map(WithoutMicrometerTest::url)
            .toArray(URL[]::new);
    return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
  }

  @Test
  void optionsAndFacadeLoadAndCanBeLookedInto() throws ReflectiveOperationException, IOException {
    try (URLClassLoader loader = loader()) {
      assertThatThrownBy(() -> loader.loadClass("io.micrometer.core.instrument.MeterRegistry"))
          .isInstanceOf(ClassNotFoundException.class);
      for (String name : new String[] {"dev.polylm.PolyLm", "dev.polylm.PolyLmOptions"}) {
        Class<?> type = Class.forName(name, true, loader);
        assertThat(type.getDeclaredMethods()).isNotEmpty();
        assertThat(type.getDeclaredFields()).isNotEmpty();
        assertThat(type.getDeclaredConstructors()).isNotEmpty();
      }
      Class<?> options = loader.loadClass("dev.polylm.PolyLmOptions");
      assertThat(options.getMethod("defaults").invoke(null)).isInstanceOf(options);
    }
  }
}
