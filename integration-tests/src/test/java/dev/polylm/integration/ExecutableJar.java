package dev.polylm.integration;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import org.springframework.boot.loader.launch.JarLauncher;

/** Writes what Spring Boot's plugins do: its loader, and each jar of the class path as it is. */
final class ExecutableJar {
  private ExecutableJar() {}

  static Path write(Path jar, Class<?> main) throws IOException, URISyntaxException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, JarLauncher.class.getName());
    attributes.putValue("Start-Class", main.getName());
    attributes.putValue("Spring-Boot-Classes", "BOOT-INF/classes/");
    attributes.putValue("Spring-Boot-Lib", "BOOT-INF/lib/");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      addLoader(out);
      int number = 0;
      for (Path path : ChildJvm.classPath()) {
        byte[] bytes = Files.isDirectory(path) ? zipped(path) : Files.readAllBytes(path);
        addStored(out, "BOOT-INF/lib/%d.jar".formatted(number++), bytes);
      }
    }
    return jar;
  }

  private static void addLoader(JarOutputStream out) throws IOException, URISyntaxException {
    Path loader =
        Path.of(JarLauncher.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (JarFile classes = new JarFile(loader.toFile())) {
      for (JarEntry entry : classes.stream().filter(e -> e.getName().endsWith(".class")).toList()) {
        out.putNextEntry(new JarEntry(entry.getName()));
        classes.getInputStream(entry).transferTo(out);
      }
    }
  }

  private static byte[] zipped(Path folder) throws IOException {
    Path jar = Files.createTempFile("classes", ".jar");
    try {
      try (OutputStream file = Files.newOutputStream(jar);
          JarOutputStream out = new JarOutputStream(file)) {
        for (Path path : ChildJvm.below(folder)) {
          if (Files.isRegularFile(path)) {
            out.putNextEntry(
                new JarEntry(folder.relativize(path).toString().replace(File.separator, "/")));
            Files.copy(path, out);
          }
        }
      }
      return Files.readAllBytes(jar);
    } finally {
      Files.delete(jar);
    }
  }

  /** A jar in a jar can be read where it is not compressed again. */
  private static void addStored(JarOutputStream out, String name, byte[] bytes) throws IOException {
    CRC32 sum = new CRC32();
    sum.update(bytes);
    JarEntry entry = new JarEntry(name);
    entry.setMethod(JarEntry.STORED);
    entry.setSize(bytes.length);
    entry.setCrc(sum.getValue());
    out.putNextEntry(entry);
    out.write(bytes);
  }
}
