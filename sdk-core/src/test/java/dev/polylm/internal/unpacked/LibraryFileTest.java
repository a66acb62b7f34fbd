package dev.polylm.internal.unpacked;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import dev.polylm.PolyLmException;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Libraries that are unpacked, and one that someone changes meanwhile. */
final class LibraryFileTest {
  @TempDir private Path parent;
  private PrivateFolder folder;

  @BeforeEach
  void create() {
    folder = PrivateFolder.create(parent);
  }

  @AfterEach
  void close() {
    folder.close();
  }

  @Test
  void itHoldsTheJarsBytes() throws IOException {
    String file = System.mapLibraryName("jnidispatch").replace(".dylib", ".jnilib");
    String resource = "/com/sun/jna/" + Platform.RESOURCE_PREFIX + "/" + file;
    assertThat(LibraryFile.unpack(Native.class, resource, folder, file)).isTrue();
    try (InputStream jar = Objects.requireNonNull(Native.class.getResourceAsStream(resource))) {
      assertThat(folder.path().resolve(file)).hasBinaryContent(jar.readAllBytes());
    }
  }

  @Test
  void whatAJarHasNotIsNotUnpacked() {
    assertThat(LibraryFile.unpack(Native.class, "/com/sun/jna/none.so", folder, "none.so"))
        .isFalse();
    assertThat(folder.path()).isEmptyDirectory();
  }

  /** A jar of one class, at the end of whose library the file is written to. */
  private final class Tampering extends ClassLoader {
    Tampering() {
      super(null);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      String resource = "/" + name.replace('.', '/') + ".class";
      try (InputStream in = LibraryFileTest.class.getResourceAsStream(resource)) {
        byte[] code = Objects.requireNonNull(in).readAllBytes();
        return defineClass(name, code, 0, code.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }

    @Override
    public InputStream getResourceAsStream(String name) {
      return new FilterInputStream(new ByteArrayInputStream(new byte[1000])) {
        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
          int count = super.read(bytes, offset, length);
          if (count < 0) {
            Files.write(
                folder.path().resolve("library"), new byte[] {1}, StandardOpenOption.APPEND);
          }
          return count;
        }
      };
    }
  }

  @Test
  void aFileThatWasChangedIsRefused() throws Exception {
    Class<?> owner = new Tampering().loadClass(PolyLmException.class.getName());
    assertThatThrownBy(() -> LibraryFile.unpack(owner, "/natives/library", folder, "library"))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            folder.path().resolve("library")
                + ": holds other bytes than /natives/library of the jar; another program has"
                + " changed it");
  }
}
