package dev.polylm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pace on a simulated machine, where every time and probability is known. */
final class DraftPaceTest {
  private static final double STEP = 100e6; // nanoseconds

  /** A model and its draft model. */
  private static final class Machine {
    final DraftPace pace = new DraftPace(0.13, DraftRows.MAX_ROWS);
    final DraftCosts costs;
    final Random random = new Random(7);
    double noise; // a time is up to so many times as long
    double took;
    double needed;
    int guesses;

    Machine(double furtherId, double guess) {
      this.costs = new DraftCosts(STEP, furtherId * STEP, guess * STEP);
    }

    private double time(double nanos) {
      double found = nanos * (1 + noise * random.nextDouble());
      took += found;
      return found;
    }

    /** Generates ids after a prompt. */
    void generate(int promptIds, int ids, double acceptance) {
      double prompt = promptIds * costs.furtherId() / 2;
      needed += prompt;
      pace.promptRead(time(prompt));
      int unread = promptIds;
      for (int made = 0; made < ids; unread++) {
        int length = pace.length(1, unread, made, Math.min(15, ids - made - 1));
        made += length == 0 ? plain() : guessed(length, unread, acceptance);
        unread = length == 0 ? unread : -1; // the loop adds the next id
      }
      needed += ids * STEP;
      pace.answered(ids);
    }

    private int plain() {
      pace.stepped(1, time(STEP));
      return 1;
    }

    private int guessed(int length, int unread, double acceptance) {
      if (unread > 0) {
        pace.caughtUp(unread, time(unread * costs.guess() / 4));
      }
      int right = 0;
      for (int i = 0; i < length; i++) {
        pace.guessed(time(costs.guess()));
        right += right == i && random.nextDouble() < acceptance ? 1 : 0;
      }
      pace.steppedWithGuesses(length, time(STEP + length * costs.furtherId()));
      pace.settled(1, length, right, true);
      guesses += length;
      return right + 1;
    }

    double speed() {
      return needed / took;
    }

    /** Returns the speed after the steps that may be lost at the beginning. */
    double lastingSpeed() {
      return (needed + DraftPace.CREDIT_STEPS * STEP) / took;
    }
  }

  /** Guesses that never pay, that pay a little, and that pay much; dear and cheap ones. */
  @ParameterizedTest
  @CsvSource({"0.4, 0.15", "0.4, 1", "0.05, 0.1", "1, 0.01", "0.2, 0.3"})
  void isNeverSlowerThanWithoutGuesses(double furtherId, double guess) {
    for (int percent = 0; percent <= 100; percent += 10) {
      Machine machine = new Machine(furtherId, guess);
      for (int request = 0; request < 40; request++) {
        machine.generate(20 + request * 37 % 900, 1 + request * 13 % 60, percent / 100.0);
        assertThat(machine.lastingSpeed()).as("%d%%", percent).isGreaterThanOrEqualTo(0.97);
      }
    }
  }

  /** Times that vary by half make the estimates wrong, not the account. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 0.8, 1})
  void noiseCostsLittle(double acceptance) {
    Machine machine = new Machine(0.3, 0.15);
    machine.noise = 0.5;
    machine.generate(50, 3000, acceptance);
    double mean = 1 + machine.noise / 2;
    assertThat(machine.speed() * mean).isGreaterThan(0.96);
  }

  @ParameterizedTest
  @CsvSource({"0.2, 0.1, 0.8", "0.2, 0.1, 0.95", "0.05, 0.13, 0.6", "0.4, 0.1, 0.9"})
  void findsTheLengthThatIsFastest(double furtherId, double guess, double acceptance) {
    Machine machine = new Machine(furtherId, guess);
    machine.generate(20, 4000, acceptance);
    int best = machine.costs.best(acceptance, 15);
    assertThat(machine.speed())
        .isBetween(
            0.93 * machine.costs.speedup(acceptance, best),
            1.03 * machine.costs.speedup(acceptance, best));
  }

  @Test
  void stopsWhereGuessesDoNotPayAndBeginsAgainWhereTheyDo() {
    Machine machine = new Machine(0.3, 0.2);
    machine.generate(20, 2000, 0.1);
    assertThat(machine.guesses).isBetween(5, 100);
    assertThat(machine.lastingSpeed()).isGreaterThan(0.97);
    machine.guesses = 0;
    machine.generate(0, 2000, 0.95);
    assertThat(machine.guesses).isGreaterThan(1000);
    assertThat(machine.pace.acceptance()).isCloseTo(0.95, within(0.1));
  }

  /** Reading a prompt costs the draft model time, which the answer has to earn. */
  @Test
  void aLongPromptIsReadOnlyForLongAnswers() {
    Machine machine = new Machine(0.3, 0.2);
    machine.generate(10, 500, 0.9);
    assertThat(machine.pace.length(1, 500, 0, 15)).isPositive();
    for (int i = 0; i < 50; i++) {
      machine.pace.answered(5);
    }
    assertThat(machine.pace.length(1, 500, 0, 15)).isLessThanOrEqualTo(1);
    assertThat(machine.pace.length(1, 500, 300, 15)).isGreaterThan(1);
    assertThat(machine.pace.length(1, 1_000_000, 0, 15)).isZero(); // more than is left to lose
  }

  /** Rows that share a step cheaply should go on sharing it. */
  @Test
  void rowsThatShareAStepGuessOnlyIfThatIsFaster() {
    Machine machine = new Machine(0.3, 0.1);
    machine.generate(20, 2000, 0.9);
    for (int i = 0; i < 20; i++) {
      machine.pace.stepped(2, 1.1 * STEP);
      machine.pace.stepped(3, 2.9 * STEP);
    }
    assertThat(machine.pace.length(2, 0, 0, 15)).isZero();
    assertThat(machine.pace.length(3, 0, 0, 15)).isPositive();
    assertThat(machine.pace.length(4, 0, 0, 15)).isZero(); // not measured
  }
}
