package dev.polylm.export.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErfTest {

  /** Values of Python 3's math.erf. */
  @ParameterizedTest
  @CsvSource({
    "0, 0.0",
    "1e-09, 1.1283791670955127e-09",
    "0.0078, 0.008801179015072609",
    "0.0079, 0.008914009978547863",
    "0.1, 0.1124629160182849",
    "0.4921875, 0.5136076411202709",
    "0.5, 0.5204998778130465",
    "0.7071, 0.682684851094082",
    "0.99, 0.8385080695553698",
    "1.5, 0.9661051464753108",
    "1.6171, 0.9777997843844763",
    "2.2, 0.9981371537020182",
    "3.0078125, 0.9999789722918856",
    "4.4, 0.999999999510829",
    "5.992, 1.0",
    "5.9999, 1.0"
  })
  void agreesWithTheCLibrarys(double x, double erf) {
    assertThat(Erf.erf(x)).isCloseTo(erf, within(1e-8));
    assertThat(Erf.erf(-x)).isCloseTo(-erf, within(1e-8));
  }

  @ParameterizedTest
  @CsvSource({"6, 1", "-6, -1", "1e300, 1", "-Infinity, -1", "NaN, NaN"})
  void isOneFarFromZero(double x, Double erf) {
    assertThat(Erf.erf(x)).isEqualTo(erf);
  }
}
