package dev.polylm.export.tensor;

/** The element types of checkpoints, by the names that safetensors gives them. */
public enum ElementType {
  F32(32),
  F16(16),
  BF16(16),
  F64(64),
  I64(64),
  I32(32),
  I16(16),
  I8(8),
  U64(64),
  U32(32),
  U16(16),
  U8(8),
  BOOL(8),
  C64(64),
  F8_E4M3(8),
  F8_E5M2(8),
  F8_E8M0(8),
  F8_E4M3FNUZ(8),
  F8_E5M2FNUZ(8),
  F6_E3M2(6),
  F6_E2M3(6),
  F4(4);

  /** The types that weights may have, for messages. */
  public static final String WEIGHTS = "F64, F32, F16 or BF16";

  private final int bits;

  ElementType(int bits) {
    this.bits = bits;
  }

  /** Returns the bytes of one element, rounded up. */
  public int bytes() {
    return (bits + Byte.SIZE - 1) / Byte.SIZE;
  }

  /**
   * Returns the bytes of some consecutive elements, rounded up.
   *
   * @throws ArithmeticException if a long can't count their bits
   */
  public long bytes(long elements) {
    long wholeBytes = Math.multiplyExact(elements, bits / Byte.SIZE);
    long rest = Math.multiplyExact(elements, bits % Byte.SIZE);
    return Math.addExact(wholeBytes, (Math.addExact(rest, Byte.SIZE - 1) / Byte.SIZE));
  }

  /** Returns whether weights may have this type: F64, F32, F16 or BF16. */
  public boolean isWeight() {
    return this == F32 || this == F16 || this == BF16 || this == F64;
  }
}
