package dev.polylm.export.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WideningTest {

  /** IEEE 754's definition of binary16, in arithmetic on doubles. */
  private static double definition(int bits) {
    int exponent = bits >> 10 & 31;
    double fraction = (bits & 1023) / 1024.0;
    double magnitude =
        switch (exponent) {
          case 0 -> fraction * Math.pow(2, -14);
          case 31 -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
          default -> (1 + fraction) * Math.pow(2, exponent - 15);
        };
    return bits >> 15 == 0 ? magnitude : -magnitude;
  }

  @Test
  void everyFloat16IsExact() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      double expected = definition(bits);
      float actual = Widening.float16((short) bits);
      assertThat(Double.compare(actual, expected)).as("bits %04x: %s", bits, actual).isZero();
    }
  }

  @Test
  void aNanOfFloat16KeepsItsSignAndPayload() {
    assertThat(Float.floatToRawIntBits(Widening.float16((short) 0xfe01))).isEqualTo(0xffc02000);
  }

  @Test
  void everyBfloat16IsTheUpperHalfOfAFloat() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float actual = Widening.bfloat16((short) bits);
      int exponent = bits >> 7 & 255;
      double fraction = (bits & 127) / 128.0;
      double magnitude =
          switch (exponent) {
            case 0 -> fraction * Math.pow(2, -126);
            case 255 -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
            default -> (1 + fraction) * Math.pow(2, exponent - 127);
          };
      double expected = bits >> 15 == 0 ? magnitude : -magnitude;
      assertThat(Double.compare(actual, expected)).as("bits %04x: %s", bits, actual).isZero();
    }
  }
}
