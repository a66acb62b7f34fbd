package dev.polylm.export.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;

/** Changes some bytes: single ones, numbers, runs that are cut out, repeated or moved. */
final class ByteMutation implements Mutation.OfContent {
  /** What lengths, offsets and counts are when they lie. */
  private static final long[] NUMBERS = {
    0,
    1,
    -1,
    2,
    0x7f,
    0x80,
    0xff,
    0xffff,
    0x7fffffff,
    0x80000000L,
    0xffffffffL,
    1L << 32,
    1L << 40,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    1_000_000_000,
    100_000_000
  };

  private static final int LONGEST_RUN = 64;

  @Override
  public byte[] apply(byte[] content, Random random) {
    byte[] changed = content;
    for (int times = 1 + random.nextInt(3); times > 0; times--) {
      changed = once(changed, random);
    }
    return changed;
  }

  private static byte[] once(byte[] content, Random random) {
    if (content.length == 0) {
      return new byte[] {(byte) random.nextInt()};
    }
    int at = random.nextInt(content.length);
    int run = Math.min(1 + random.nextInt(LONGEST_RUN), content.length - at);
    return switch (random.nextInt(8)) {
      case 0 -> set(content, at, (byte) (content[at] ^ 1 << random.nextInt(8)));
      case 1 -> set(content, at, (byte) random.nextInt());
      case 2 -> set(content, at, content[random.nextInt(content.length)]);
      case 3 -> number(content, at, random);
      case 4 -> splice(content, at, run, new byte[0]);
      case 5 -> splice(content, at, 0, Arrays.copyOfRange(content, at, at + run));
      case 6 -> splice(content, random.nextInt(content.length), 0, bytes(random));
      default ->
          splice(
              content,
              random.nextInt(content.length - run + 1),
              run,
              Arrays.copyOfRange(content, at, at + run));
    };
  }

  private static byte[] bytes(Random random) {
    byte[] bytes = new byte[1 + random.nextInt(LONGEST_RUN)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] set(byte[] content, int at, byte value) {
    byte[] changed = content.clone();
    changed[at] = value;
    return changed;
  }

  /** Writes 1, 2, 4 or 8 bytes of a number, little-endian. */
  private static byte[] number(byte[] content, int at, Random random) {
    byte[] changed = content.clone();
    byte[] number =
        ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(NUMBERS[random.nextInt(NUMBERS.length)])
            .array();
    int width = Math.min(1 << random.nextInt(4), content.length - at);
    System.arraycopy(number, 0, changed, at, width);
    return changed;
  }

  private static byte[] splice(byte[] content, int at, int removed, byte[] inserted) {
    return ByteBuffer.allocate(content.length - removed + inserted.length)
        .put(content, 0, at)
        .put(inserted)
        .put(content, at + removed, content.length - at - removed)
        .array();
  }
}
