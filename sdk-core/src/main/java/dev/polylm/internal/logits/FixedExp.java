package dev.polylm.internal.logits;

/**
 * The exponential function with the same bits on every machine and JDK. It is several times faster
 * than {@link StrictMath#exp}, which also has this property. {@link Math#exp} does not: it may be
 * off by one unit in the last place, differently on each processor. Then a draw near a border would
 * pick another id from the same seed.
 *
 * <p>Method: x = k ln 2 + r with |r| at most ln(2)/2 (Cody and Waite's split constant), the Taylor
 * series of degree 11 for r, and k in the exponent. The relative error is below 1e-14, so rounding
 * to float nearly always gives the nearest float, and otherwise its neighbour.
 */
final class FixedExp {
  private static final double LOG2_E = 1.4426950408889634;
  // ln 2 in two parts. The first has enough trailing zeros that k times it is exact.
  private static final double LN2_HIGH = 0.6931471803691238;
  private static final double LN2_LOW = 1.9082149292705877e-10;
  // Adding 1.5 * 2^52 rounds to an integer and leaves it in the low bits.
  private static final double ROUNDER = 6755399441055744.0;
  private static final double SMALLEST = -700;

  private FixedExp() {}

  /**
   * Returns e to the power of x.
   *
   * @param x at most 0, like logits minus their maximum; below -700 the result is 0, because it is
   *     far below the smallest float
   */
  static double of(double x) {
    if (!(x > SMALLEST)) {
      return 0;
    }
    double rounded = x * LOG2_E + ROUNDER;
    double k = rounded - ROUNDER;
    double r = (x - k * LN2_HIGH) - k * LN2_LOW;
    double r2 = r * r;
    double r4 = r2 * r2;
    double low = (1 + r) + r2 * (1.0 / 2 + r * (1.0 / 6));
    double middle = (1.0 / 24 + r * (1.0 / 120)) + r2 * (1.0 / 720 + r * (1.0 / 5040));
    double high = (1.0 / 40320 + r * (1.0 / 362880)) + r2 * (1.0 / 3628800 + r * (1.0 / 39916800));
    double power = Double.longBitsToDouble((Double.doubleToRawLongBits(rounded) + 1023) << 52);
    return (low + r4 * (middle + r4 * high)) * power;
  }
}
