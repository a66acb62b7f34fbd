package dev.polylm.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.devtools.restart.classloader.RestartClassLoader;
import org.springframework.context.ConfigurableApplicationContext;

/** An application that DevTools restarts: each start has a class loader of its own. */
final class RestartTest {
  /** Starts an application, asks its model, and ends the application. */
  @EnableAutoConfiguration
  public static class Application implements Supplier<String> {
    @Override
    public String get() {
      SpringApplication application = new SpringApplication(Application.class);
      application.setWebApplicationType(WebApplicationType.NONE);
      try (ConfigurableApplicationContext context = application.run()) {
        return context.getBean(dev.polylm.PolyLm.class).generate(TestModel.CARD);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void twoClassLoadersRunTheModel(boolean withLibraries) throws Exception {
    // By default DevTools reloads folders; restart.include adds jars, here also the native ones.
    URL[] reloaded = urls(entry -> withLibraries || new File(entry).isDirectory());
    for (int i = 0; i < 2; i++) {
      try (RestartClassLoader loader =
          new RestartClassLoader(getClass().getClassLoader(), reloaded)) {
        Class<?> type = loader.loadClass(Application.class.getName());
        assertThat(type.getClassLoader()).isSameAs(loader);
        assertThat(loader.loadClass("ai.onnxruntime.OrtEnvironment").getClassLoader() == loader)
            .isEqualTo(withLibraries);
        Thread.currentThread().setContextClassLoader(loader);
        Supplier<?> application = (Supplier<?>) type.getDeclaredConstructor().newInstance();
        assertThat(application.get()).isEqualTo("\n" + TestModel.ANSWER);
      } finally {
        Thread.currentThread().setContextClassLoader(getClass().getClassLoader());
      }
    }
  }

  private static URL[] urls(Predicate<String> wanted) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(wanted)
        .map(RestartTest::url)
        .toArray(URL[]::new);
  }

  private static URL url(String entry) {
    try {
      return Path.of(entry).toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(entry, e);
    }
  }
}
