package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The SDK and its model in class loaders of all sorts: of servers, plugins and executable jars. */
final class ClassLoadersTest {
  private static final ClassLoader PLATFORM = ClassLoader.getPlatformClassLoader();

  @TempDir private Path folder;

  private static Stream<URL> classPath() {
    return ChildJvm.classPath().stream().map(ClassLoadersTest::at);
  }

  private static URLClassLoader loader(Stream<URL> urls, ClassLoader parent) {
    return new URLClassLoader(urls.toArray(URL[]::new), parent);
  }

  private static String ask(ClassLoader loader) throws Exception {
    Method ask = loader.loadClass(AskingProgram.class.getName()).getDeclaredMethod("ask");
    ask.setAccessible(true);
    return (String) ask.invoke(null);
  }

  /** As two deployments of a server; Java loads a library's file in one class loader only. */
  @Test
  void eachOfSeveralLoadsTheLibrary() throws Exception {
    for (int i = 0; i < 2; i++) {
      try (URLClassLoader loader = loader(classPath(), PLATFORM)) {
        assertThat(ask(loader)).isEqualTo(AskingProgram.ANSWER);
      }
    }
  }

  /** Of a pool that the host made, or of native code. */
  @Test
  void threadsWithAnotherContextFindTheModelBesideTheSdk() throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (URLClassLoader plugin = loader(classPath(), PLATFORM);
        URLClassLoader host = loader(Stream.of(), PLATFORM)) {
      for (ClassLoader context : Arrays.asList(host, null)) {
        String answer =
            thread
                .submit(
                    () -> {
                      Thread.currentThread().setContextClassLoader(context);
                      return ask(plugin);
                    })
                .get();
        assertThat(answer).isEqualTo(AskingProgram.ANSWER);
      }
    } finally {
      thread.shutdown();
    }
  }

  /** As where a server has one SDK for all applications, and each a model of its own. */
  @Test
  void aSharedSdkFindsTheModelOfItsCaller() throws Exception {
    String model = "META-INF/polylm-model/manifest.json";
    Path classes = placeOf(AskingProgram.class.getResource("/" + model), model);
    Path tests =
        Path.of(AskingProgram.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<Path> ofApplication = List.of(classes, tests);
    Stream<URL> shared =
        classPath().filter(url -> ofApplication.stream().noneMatch(path -> at(path).equals(url)));
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (URLClassLoader server = loader(shared, PLATFORM);
        URLClassLoader application =
            loader(ofApplication.stream().map(ClassLoadersTest::at), server)) {
      assertThat(server.getResource(model)).isNull();
      String answer =
          thread
              .submit(
                  () -> {
                    Thread.currentThread().setContextClassLoader(server);
                    return ask(application);
                  })
              .get();
      assertThat(answer).isEqualTo(AskingProgram.ANSWER);
    } finally {
      thread.shutdown();
    }
  }

  /** The folder or jar of a resource. */
  private static Path placeOf(URL resource, String name) throws Exception {
    String place = resource.toString();
    String root = place.substring(0, place.length() - name.length());
    return Path.of(URI.create(root.replaceFirst("^jar:", "").replaceFirst("!?/$", "")));
  }

  private static URL at(Path path) {
    try {
      return path.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Whose jars lie in another, and whose pools' threads see none of them. */
  @Test
  void anExecutableJarOfSpringBootFindsItsModel() throws Exception {
    Path jar = ExecutableJar.write(folder.resolve("app.jar"), AskingProgram.class);
    ChildJvm child = new ChildJvm(folder);
    Process process =
        child.start(
            List.of(
                "-Djava.util.concurrent.ForkJoinPool.common.parallelism=4",
                "-jar",
                jar.toString()));
    String answers = child.end(process);
    assertThat(answers.lines())
        .as(child.errors())
        .containsExactly(AskingProgram.ANSWER, AskingProgram.ANSWER);
    assertThat(process.exitValue()).isZero();
  }
}
