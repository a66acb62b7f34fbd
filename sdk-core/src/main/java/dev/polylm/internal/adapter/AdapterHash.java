package dev.polylm.internal.adapter;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;

/** The SHA-256 of an adapter's numbers. */
final class AdapterHash {
  private static final int PIECE = 1 << 14; // floats

  private final MessageDigest digest = sha256();

  private AdapterHash() {}

  static String of(Collection<AdapterMatrix> matrices) {
    AdapterHash hash = new AdapterHash();
    for (AdapterMatrix matrix : matrices) {
      hash.digest.update(matrix.shape().toString().getBytes(StandardCharsets.UTF_8));
      hash.add(matrix.a());
      hash.add(matrix.b());
    }
    return HexFormat.of().formatHex(hash.digest.digest());
  }

  private void add(float[] numbers) {
    byte[] piece = new byte[PIECE * Float.BYTES];
    ByteBuffer buffer = ByteBuffer.wrap(piece).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < numbers.length; from += PIECE) {
      int count = Math.min(PIECE, numbers.length - from);
      buffer.asFloatBuffer().put(numbers, from, count);
      digest.update(piece, 0, count * Float.BYTES);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
