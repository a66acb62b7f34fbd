package dev.polylm.export.fuzz;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** The parts of files that are worth breaking, and breaks of whole files. */
final class FileMutations {
  private static final Mutation.OfContent BYTES = new ByteMutation();
  private static final Mutation.OfContent JSON = new JsonMutation();
  private static final byte[] ZIP_DIRECTORY = {'P', 'K', 1, 2};

  private FileMutations() {}

  /** Bytes anywhere. */
  static Mutation bytes() {
    return BYTES.ofFile();
  }

  /** The values of a JSON file. */
  static Mutation json() {
    return JSON.ofFile();
  }

  /** The header's bytes, its length included; what follows stays. */
  static Mutation safetensorsHeader() {
    return part((content, random) -> Long.BYTES + headerLength(content), BYTES).ofFile();
  }

  /** The header's values; its length is made right. */
  static Mutation safetensorsJson() {
    Mutation.OfContent change =
        (content, random) -> {
          int end = Long.BYTES + headerLength(content);
          byte[] header = JSON.apply(Arrays.copyOfRange(content, Long.BYTES, end), random);
          return ByteBuffer.allocate(Long.BYTES + header.length + content.length - end)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(header.length)
              .put(header)
              .put(content, end, content.length - end)
              .array();
        };
    return change.ofFile();
  }

  private static int headerLength(byte[] content) {
    return (int) ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  /** The first entry of a zip, which in a PyTorch file is the pickle. */
  static Mutation pickle() {
    return part((content, random) -> indexOf(content, new byte[] {'P', 'K', 7, 8}), BYTES).ofFile();
  }

  /** The same, but nothing moves, so that the directory stays right. */
  static Mutation pickleInPlace() {
    Mutation.OfContent change =
        (content, random) -> {
          byte[] changed = content.clone();
          int end = indexOf(content, new byte[] {'P', 'K', 7, 8});
          for (int times = 1 + random.nextInt(3); times > 0; times--) {
            int at = random.nextInt(end);
            changed[at] =
                random.nextBoolean() ? (byte) random.nextInt() : content[random.nextInt(end)];
          }
          return changed;
        };
    return change.ofFile();
  }

  /** A zip's directory. */
  static Mutation zipDirectory() {
    Mutation.OfContent change =
        (content, random) -> {
          int start = indexOf(content, ZIP_DIRECTORY);
          byte[] end = BYTES.apply(Arrays.copyOfRange(content, start, content.length), random);
          return ByteBuffer.allocate(start + end.length).put(content, 0, start).put(end).array();
        };
    return change.ofFile();
  }

  /** What is in a file's place: nothing, a folder, a link, another file, a part of it. */
  static Mutation place() {
    return (file, random) -> {
      byte[] content = Files.readAllBytes(file);
      Files.delete(file);
      switch (random.nextInt(8)) {
        case 0 -> Files.createDirectory(file);
        case 1 -> Files.createSymbolicLink(file, file);
        case 2 -> Files.createSymbolicLink(file, Path.of("/nowhere"));
        case 3 -> Files.createFile(file);
        case 4 -> Files.writeString(file, "version https://git-lfs.github.com/spec/v1\n");
        case 5 -> Files.write(file, Arrays.copyOf(content, random.nextInt(content.length)));
        case 6 -> Files.write(file, Arrays.copyOf(content, content.length + random.nextInt(9)));
        default -> writeNoise(file, random);
      }
    };
  }

  private static void writeNoise(Path file, Random random) throws IOException {
    byte[] noise = new byte[random.nextInt(4096)];
    random.nextBytes(noise);
    Files.write(file, noise);
  }

  @FunctionalInterface
  private interface End {
    int of(byte[] content, Random random);
  }

  /** The change of the bytes before an end. */
  private static Mutation.OfContent part(End end, Mutation.OfContent change) {
    return (content, random) -> {
      int length = end.of(content, random);
      byte[] changed = change.apply(Arrays.copyOf(content, length), random);
      return ByteBuffer.allocate(changed.length + content.length - length)
          .put(changed)
          .put(content, length, content.length - length)
          .array();
    };
  }

  private static int indexOf(byte[] content, byte[] wanted) {
    // Both as characters of one byte each.
    return new String(content, StandardCharsets.ISO_8859_1)
        .indexOf(new String(wanted, StandardCharsets.ISO_8859_1));
  }
}
