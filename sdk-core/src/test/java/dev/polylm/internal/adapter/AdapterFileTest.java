package dev.polylm.internal.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import dev.polylm.internal.adapter.AdapterMatrix.Shape;
import dev.polylm.model.AdapterFacts;
import dev.polylm.model.ModelDimensions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AdapterFileTest {
  private static final ModelDimensions DIMENSIONS = new ModelDimensions(7, 300, 1, 4, 2, 2);
  private static final List<Shape> SHAPES =
      List.of(new Shape("h.0.attn.c_attn", 4, 12, 2), new Shape("h.0.attn.c_proj", 4, 4, 1));

  @TempDir private Path folder;

  private Path write() {
    Path file = folder.resolve("my.adapter");
    AdapterFile.write(file, SHAPES, AdapterFileTest::matrix);
    return file;
  }

  /** Numbers that say where they are: A has 0, 1, .. and B has 100, 101, ... */
  private static AdapterMatrix matrix(Shape shape) {
    float[] a = new float[shape.in() * shape.rank()];
    float[] b = new float[shape.rank() * shape.out()];
    for (int i = 0; i < a.length; i++) {
      a[i] = i;
    }
    for (int i = 0; i < b.length; i++) {
      b[i] = 100 + i;
    }
    return new AdapterMatrix(shape, a, b);
  }

  /** The inner one's file is longer, so what it wrote would show behind the outer one's. */
  @Test
  void eachOfTwoWritersAtOnceWritesAWholeFile() throws IOException {
    Path file = folder.resolve("my.adapter");
    List<Shape> more = List.of(SHAPES.get(0), SHAPES.get(1), new Shape("h.0.mlp.c_fc", 4, 90, 9));
    AdapterFile.write(
        file,
        SHAPES,
        shape -> {
          AdapterFile.write(file, more, AdapterFileTest::matrix);
          assertThat(AdapterFile.read(file, shapes -> {})).hasSize(3);
          return matrix(shape);
        });
    assertThat(AdapterFile.read(file, shapes -> {})).hasSize(2);
    assertThat(folder.toFile().list()).containsExactly("my.adapter");
  }

  @Test
  void aWriterThatFailsLeavesTheOldFile() throws IOException {
    Path file = write();
    List<Shape> shapes = List.of(SHAPES.get(1));
    assertThatThrownBy(
            () ->
                AdapterFile.write(
                    file,
                    shapes,
                    shape -> {
                      throw new PolyLmException("broken");
                    }))
        .hasMessage("broken");
    assertThat(AdapterFile.read(file, found -> {})).hasSize(SHAPES.size());
    assertThat(folder.toFile().list()).containsExactly("my.adapter");
  }

  @Test
  void othersMayReadItAsAnyNewFile() throws IOException {
    Path any = Files.createFile(folder.resolve("any"));
    assertThat(Files.getPosixFilePermissions(write()))
        .isEqualTo(Files.getPosixFilePermissions(any))
        .hasSizeGreaterThan(2);
  }

  private static Adapters adapters(int maxRank, boolean interleaved, long maxBytes) {
    return new Adapters(
        Map.of("h.0.attn.c_attn", new int[] {4, 12}, "h.0.attn.c_proj", new int[] {4, 4}),
        new AdapterFacts(maxRank, 1),
        DIMENSIONS,
        interleaved,
        maxBytes);
  }

  @Test
  void whatIsWrittenIsRead() {
    List<AdapterMatrix> read = AdapterFile.read(write(), shapes -> {});
    assertThat(read).extracting(AdapterMatrix::shape).isEqualTo(SHAPES);
    for (AdapterMatrix matrix : read) {
      assertThat(matrix.a()).isEqualTo(matrix(matrix.shape()).a());
      assertThat(matrix.b()).isEqualTo(matrix(matrix.shape()).b());
    }
  }

  @Test
  void everyChangedByteIsRefused() throws IOException {
    Path file = write();
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(1);
    for (int i = 0; i < whole.length; i++) {
      byte[] changed = whole.clone();
      changed[i] ^= (byte) (1 << random.nextInt(8));
      assertRefused(Files.write(file, changed));
    }
  }

  @Test
  void everyCutIsRefused() throws IOException {
    Path file = write();
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      assertRefused(Files.write(file, Arrays.copyOf(whole, length)));
    }
    assertRefused(Files.write(file, Arrays.copyOf(whole, whole.length + 1)));
  }

  private static void assertRefused(Path file) {
    assertThatThrownBy(() -> adapters(2, false, 1 << 20).load(file))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith(file + ": ");
  }

  /** With the right hash, as from someone who means harm. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'format':2,'matrices':[]} | has format 2, expected 1",
        "null | has format none, expected 1",
        "{'format':1,'matrices':[]} | changes no matrix",
        "{'format':1,'matrices':null} | changes no matrix",
        "{'format':1,'matrices':[null]} | has a matrix without a name",
        "{'format':1,'matrices':[{'name':null,'in':1,'out':1,'rank':1}]}"
            + " | has a matrix without a name",
        "{'format':1,'matrices':[{'name':'x','in':0,'out':1,'rank':1}]} | has the sizes",
        "{'format':1,'matrices':[{'name':'x','in':2147483647,'out':2147483647,'rank':2147483647}]}"
            + " | has the sizes",
        "{'format':1,'matrices':[{'name':'x','in':200000000,'out':1,'rank':2}]}"
            + " | expected 1600000",
        "{'format':1,'matrices':[{'name':'x','in':1,'out':1,'rank':1},"
            + "{'name':'x','in':1,'out':1,'rank':1}]} | changes the matrix x twice",
        "{'format':1 | has a broken header",
      })
  void headersThatLieAreRefused(String header, String message) throws Exception {
    byte[] json = header.strip().replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(12 + json.length + 16 + 32).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put("POLYLORA".getBytes(StandardCharsets.US_ASCII)).putInt(json.length).put(json);
    bytes.position(bytes.capacity() - 32);
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(bytes.array(), 0, bytes.capacity() - 32);
    bytes.put(digest.digest());
    Path file = Files.write(folder.resolve("lies.adapter"), bytes.array());
    assertThatThrownBy(() -> AdapterFile.read(file, shapes -> {}))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(message.strip());
  }

  @Test
  void anotherRankOrSizeOrTooMuchMemoryIsRefused() {
    Path file = write();
    assertThatThrownBy(() -> adapters(1, false, 1 << 20).load(file))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            file
                + ": changes h.0.attn.c_attn with rank 2, expected at most 1; export the model with"
                + " --max-rank 2");
    Adapters other =
        new Adapters(
            Map.of("h.0.attn.c_attn", new int[] {4, 24}),
            new AdapterFacts(2, 1),
            DIMENSIONS,
            false,
            1 << 20);
    assertThatThrownBy(() -> other.load(file))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            file
                + ": changes h.0.attn.c_attn with 4 inputs and 12 outputs, expected 4 and 24; is it"
                + " an adapter of another model?");
    long bytes = (16 * 2 + 8) * Float.BYTES;
    Adapters one = adapters(2, false, bytes);
    LoadedAdapter loaded = one.load(file);
    assertThat(loaded.name()).isEqualTo("my");
    assertThat(loaded.rank()).isEqualTo(2);
    assertThatThrownBy(() -> one.load(file))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith(
            file + ": takes 160 bytes, and the loaded adapters take 160 of 160: close one");
    loaded.close();
    loaded.close();
    one.load(file).close();
  }

  @Test
  void aPathAtWhichIsNothingIsSaidInFull() {
    Adapters adapters = adapters(2, false, 1 << 20);
    assertThatThrownBy(() -> adapters.load(Path.of("~/my.adapter")))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith("~/my.adapter: is not a file, expected one that polylm adapter")
        .hasMessageContaining("here " + Path.of("~/my.adapter").toAbsolutePath())
        .hasMessageEndingWith("only a shell replaces ~ by the home folder");
  }

  @Test
  void numbersThatAreNotFiniteAreRefused() {
    Shape shape = SHAPES.get(1);
    assertThatThrownBy(() -> new AdapterMatrix(shape, new float[4], new float[] {0, 1, 1 / 0f, 0}))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            "the adapter's change of h.0.attn.c_proj has the number Infinity, expected finite"
                + " numbers");
  }

  /** Outputs are [heads, 3, headDim] in the file and [3, heads, headDim] in the graph. */
  @Test
  void outputsOfInterleavedCheckpointsAreOrdered() {
    Map<String, AdapterMatrix> matrices = adapters(2, true, 1 << 20).load(write()).matrices();
    assertThat(matrices).isNotNull();
    assertThat(matrices.get("h.0.attn.c_attn").b())
        .startsWith(100, 101, 106, 107, 102, 103, 108, 109, 104, 105, 110, 111)
        .endsWith(112, 113, 118, 119, 114, 115, 120, 121, 116, 117, 122, 123);
    assertThat(matrices.get("h.0.attn.c_proj").b()).startsWith(100, 101, 102, 103);
  }
}
