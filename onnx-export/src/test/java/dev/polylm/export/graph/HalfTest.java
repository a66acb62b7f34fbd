package dev.polylm.export.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HalfTest {

  @Test
  void everyHalfComesBack() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      short half = (short) bits;
      boolean nan = (bits & 0x7fff) > 0x7c00;
      if (nan) {
        assertThat(Half.toFloat(half)).isNaN();
      } else {
        assertThat(Half.of(Half.toFloat(half))).isEqualTo(half);
      }
    }
    assertThat(Half.of(Float.NaN) & 0x7fff).isGreaterThan(0x7c00);
  }

  @ParameterizedTest
  @CsvSource({
    "1.0, 3c00",
    "-2.0, c000",
    "0.333333343, 3555", // as IEEE 754 rounds a third
    "65504, 7bff",
    "65519.996, 7bff", // below the middle to infinity
    "65520, 7c00",
    "-1e30, fc00",
    "5.9604645e-8, 0001", // 2^-24
    "2.9802322e-8, 0000", // 2^-25: a tie, to even
    "8.940697e-8, 0002", // 1.5 * 2^-24: a tie, to even
    "6.097555e-5, 03ff", // 1023 * 2^-24
    "6.1020253e-5, 0400", // carried from the subnormal numbers to the normal ones
    "1.00048828125, 3c00", // ties, to even
    "1.00146484375, 3c02",
    "-0.0, 8000",
  })
  void takesTheNearest(float value, String bits) {
    assertThat(String.format("%04x", Half.of(value) & 0xffff)).isEqualTo(bits);
  }

  @Test
  void whatAHalfCanNotHoldIsNamed() {
    FloatType.Encoder encoder = FloatType.FP16.encoder("h.0.mlp.c_fc.weight");
    ByteBuffer target = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);

    assertThatThrownBy(() -> encoder.encode(new float[] {1, -70000}, 2, target))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            "tensor h.0.mlp.c_fc.weight holds -70000.0, which fp16 can't: expected at most 65504 in"
                + " size; export it as fp32");
  }

  @Test
  void theErrorIsThatOfTheRoundedFloats() {
    FloatType.Encoder encoder = FloatType.FP16.encoder("w");
    ByteBuffer target = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);

    encoder.encode(new float[] {0x1.002p0f, 0}, 2, target);

    assertThat(target.flip().getShort()).isEqualTo((short) 0x3c00);
    assertThat(encoder.relativeError()).isEqualTo(0x1p-11 / 0x1.002p0);
  }
}
