package dev.polylm.export.tensor;

/** The types of elements that checkpoints hold. */
public enum ElementType {
  F32(4),
  F16(2),
  BF16(2),
  F64(8),
  I64(8),
  I32(4),
  I16(2),
  I8(1),
  U8(1),
  BOOL(1);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** True of the types that weights may have: F32, F16, BF16. */
  public boolean isWeight() {
    return this == F32 || this == F16 || this == BF16;
  }
}
