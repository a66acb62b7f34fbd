package dev.polylm.internal.adapter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.polylm.PolyLmException;
import dev.polylm.internal.adapter.AdapterMatrix.Shape;
import dev.polylm.internal.model.PathHint;
import dev.polylm.internal.saved.SafeReplacement;
import dev.polylm.internal.untrusted.JsonProblem;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An adapter's file: {@value #MAGIC}, the header's length, the header, the numbers, and the SHA-256
 * of all that. docs/model-folder.md specifies it.
 */
public final class AdapterFile {
  private static final String MAGIC = "POLYLORA";
  private static final int FORMAT = 1;
  private static final int BEFORE_HEADER = MAGIC.length() + Integer.BYTES;
  private static final int MAX_HEADER = 1 << 20;
  private static final int HASH_BYTES = 32;
  private static final int PIECE_BYTES = 1 << 16;

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Path file;

  private AdapterFile(Path file) {
    this.file = file;
  }

  /**
   * The header.
   *
   * @param matrices the changed matrices, in the order of their numbers
   */
  record Header(int format, List<Shape> matrices) {}

  /**
   * Writes a file, which replaces an older one at once.
   *
   * @param source gives the numbers of each shape
   * @throws PolyLmException if the file can't be written
   */
  public static void write(Path file, List<Shape> shapes, Function<Shape, AdapterMatrix> source) {
    try (SafeReplacement replacement = SafeReplacement.readable(file)) {
      write(Channels.newOutputStream(replacement.channel()), shapes, source);
      replacement.publish();
    } catch (IOException e) {
      throw new PolyLmException("%s: can't be written: %s".formatted(file, e), e);
    }
  }

  private static void write(
      OutputStream file, List<Shape> shapes, Function<Shape, AdapterMatrix> source)
      throws IOException {
    MessageDigest digest = sha256();
    OutputStream raw = new BufferedOutputStream(file);
    DigestOutputStream out = new DigestOutputStream(raw, digest);
    byte[] header = JSON.writeValueAsBytes(new Header(FORMAT, shapes));
    out.write(MAGIC.getBytes(StandardCharsets.US_ASCII));
    out.write(
        ByteBuffer.allocate(Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(header.length)
            .array());
    out.write(header);
    for (Shape shape : shapes) {
      AdapterMatrix matrix = source.apply(shape);
      write(matrix.a(), out);
      write(matrix.b(), out);
    }
    raw.write(digest.digest());
    raw.flush();
  }

  private static void write(float[] numbers, OutputStream out) throws IOException {
    byte[] piece = new byte[PIECE_BYTES];
    ByteBuffer buffer = ByteBuffer.wrap(piece).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < numbers.length; from += PIECE_BYTES / Float.BYTES) {
      int count = Math.min(numbers.length - from, PIECE_BYTES / Float.BYTES);
      buffer.asFloatBuffer().put(numbers, from, count);
      out.write(piece, 0, count * Float.BYTES);
    }
  }

  /**
   * Reads a file.
   *
   * @param check refuses shapes by an exception, before any of their numbers is read
   * @throws PolyLmException if the file is not an adapter's or is damaged
   */
  public static List<AdapterMatrix> read(Path file, Consumer<List<Shape>> check) {
    return new AdapterFile(file).read(check);
  }

  private List<AdapterMatrix> read(Consumer<List<Shape>> check) {
    if (!Files.isRegularFile(file)) {
      throw bad("is not a file, expected one that polylm adapter wrote" + PathHint.of(file));
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), PIECE_BYTES)) {
      return read(in, Files.size(file), check);
    } catch (IOException e) {
      throw new PolyLmException("%s: can't be read: %s".formatted(file, e), e);
    }
  }

  private List<AdapterMatrix> read(InputStream raw, long size, Consumer<List<Shape>> check)
      throws IOException {
    MessageDigest digest = sha256();
    DigestInputStream in = new DigestInputStream(raw, digest);
    int headerLength = headerLength(in, size);
    List<Shape> shapes = header(in.readNBytes(headerLength)).matrices();
    checkSize(size, headerLength, shapes);
    check.accept(shapes);
    List<float[]> factors = new ArrayList<>();
    for (Shape shape : shapes) {
      factors.add(numbers(in, Math.multiplyExact(shape.in(), shape.rank())));
      factors.add(numbers(in, Math.multiplyExact(shape.rank(), shape.out())));
    }
    byte[] found = digest.digest();
    if (!Arrays.equals(raw.readNBytes(HASH_BYTES), found)) {
      throw bad("has another SHA-256 than it says: the file was changed");
    }
    return IntStream.range(0, shapes.size())
        .mapToObj(i -> new AdapterMatrix(shapes.get(i), factors.get(2 * i), factors.get(2 * i + 1)))
        .toList();
  }

  private int headerLength(InputStream in, long size) throws IOException {
    byte[] start = in.readNBytes(BEFORE_HEADER);
    byte[] magic = MAGIC.getBytes(StandardCharsets.US_ASCII);
    if (start.length < BEFORE_HEADER
        || !Arrays.equals(magic, 0, magic.length, start, 0, magic.length)) {
      throw bad("is not an adapter's file, expected one that polylm adapter wrote");
    }
    int length = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getInt(magic.length);
    long most = Math.min(MAX_HEADER, size - BEFORE_HEADER - HASH_BYTES);
    if (length < 0 || length > most) {
      throw bad("has a header of %s bytes, expected at most %s".formatted(length, most));
    }
    return length;
  }

  private Header header(byte[] json) {
    @Nullable Header header;
    try {
      header = JSON.readValue(json, Header.class);
    } catch (JsonProcessingException e) {
      throw new PolyLmException(
          "%s: has a broken header: %s".formatted(file, JsonProblem.of(e)), e);
    } catch (IOException e) {
      throw new PolyLmException("%s: has a broken header: %s".formatted(file, e), e);
    }
    if (header == null || header.format() != FORMAT) {
      throw bad(
          "has format %s, expected %s"
              .formatted(header == null ? "none" : header.format(), FORMAT));
    }
    checkShapes(header.matrices());
    return header;
  }

  private void checkShapes(@Nullable List<Shape> shapes) {
    if (shapes == null || shapes.isEmpty()) {
      throw bad("changes no matrix");
    }
    Set<String> names = new HashSet<>();
    for (@Nullable Shape shape : shapes) {
      if (shape == null || shape.name() == null) {
        throw bad("has a matrix without a name");
      }
      if (Stream.of(shape.in(), shape.out(), shape.rank()).anyMatch(size -> size < 1)
          || shape.numbers() > Integer.MAX_VALUE / 2) {
        throw bad("has the sizes " + shape + ", expected sizes above 0");
      }
      if (!names.add(shape.name())) {
        throw bad("changes the matrix %s twice".formatted(shape.name()));
      }
    }
  }

  private void checkSize(long size, int headerLength, List<Shape> shapes) {
    long numbers = shapes.stream().mapToLong(Shape::numbers).reduce(0, Math::addExact);
    long expected = BEFORE_HEADER + (long) headerLength + numbers * Float.BYTES + HASH_BYTES;
    if (size != expected) {
      throw bad("has %s bytes, expected %s from its header".formatted(size, expected));
    }
  }

  private float[] numbers(InputStream in, int count) throws IOException {
    float[] numbers = new float[count];
    byte[] piece = new byte[PIECE_BYTES];
    for (int from = 0; from < count; from += PIECE_BYTES / Float.BYTES) {
      int length = Math.min(count - from, PIECE_BYTES / Float.BYTES);
      if (in.readNBytes(piece, 0, length * Float.BYTES) < length * Float.BYTES) {
        throw bad("ends too early");
      }
      ByteBuffer.wrap(piece)
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .get(numbers, from, length);
    }
    return numbers;
  }

  private PolyLmException bad(String what) {
    return new PolyLmException(file + ": " + what);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
