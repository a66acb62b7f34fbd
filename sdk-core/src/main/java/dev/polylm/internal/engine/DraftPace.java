package dev.polylm.internal.engine;

import java.util.Arrays;

/**
 * Decides how many ids a draft model guesses for a step. It measures what a step, a further id and
 * a guess take, and how often guesses are right. From that {@link DraftCosts} finds the length that
 * gives the most ids a second.
 *
 * <p>It also keeps an account: the time that the model would have needed without guesses, and the
 * time that was spent. No guess is made that could make the second more than 3% longer than the
 * first. So guesses that don't pay, a prompt that the draft model has to read, and attempts to find
 * out whether guesses pay again can cost no more than that. The account begins with a credit of
 * some steps, to find out at all.
 *
 * <p>It has no clock: all times are given to it, in nanoseconds.
 */
class DraftPace {
  /** The least speed, compared to going without guesses. */
  static final double LEAST_SPEED = 0.97;

  /** How many steps of the model may be lost at the beginning. */
  static final int CREDIT_STEPS = 32;

  private static final double LEAST_GAIN = 1.03;
  private static final int ATTEMPTS_AT_FIRST = 8;
  private static final int STEPS_BETWEEN_ATTEMPTS = 64;
  private static final int STEPS_BETWEEN_PLAIN = 32; // a step of one id has to be measured again
  private static final double OLD_GUESS = 0.95; // the weight of guesses, each step less
  private static final double ASSUMED_ACCEPTANCE = 0.75;
  private static final double ASSUMED_GUESSES = 2; // the weight of the assumption
  private static final double ASSUMED_ANSWER = 64;
  private static final double NEW_ANSWER = 0.1; // the weight of a new length in its average
  private static final double ACCOUNT_NANOS = 120e9; // what lies further back counts less

  private final double relativeSize;
  private final Times[] shared; // [rows + 1]: of steps of one id a row
  private final Times furtherId = new Times();
  private final Times guess = new Times();
  private final Times unreadId = new Times();
  private double right;
  private double tried;
  private volatile double answer = ASSUMED_ANSWER; // how many ids answers have
  private double needed; // without guesses
  private double spent;
  private int attempts;
  private int stepsSinceAttempt;
  private int stepsSincePlain;
  private boolean lastWasRight;

  /** The latest times of something. Their median counts: a single slow run says little. */
  private static final class Times {
    private final double[] latest = new double[9];
    private int count;

    void add(double nanos) {
      latest[count++ % latest.length] = nanos;
    }

    boolean isEmpty() {
      return count == 0;
    }

    /** Returns the median, or 0 if there is no time yet. */
    double median() {
      if (count == 0) {
        return 0;
      }
      double[] sorted = Arrays.copyOf(latest, Math.min(count, latest.length));
      Arrays.sort(sorted);
      return sorted[(sorted.length - 1) / 2];
    }
  }

  /**
   * @param relativeSize the size of the draft model, compared to the model's
   * @param maxRows the most rows that have guesses
   */
  DraftPace(double relativeSize, int maxRows) {
    this.relativeSize = relativeSize;
    this.shared = new Times[maxRows + 1];
    Arrays.setAll(shared, rows -> new Times());
  }

  /** Notes that the model has read a chunk of a prompt. */
  void promptRead(double nanos) {
    note(nanos, nanos);
  }

  /** Notes a step of the model that read one id for each row. */
  void stepped(int rows, double nanos) {
    if (rows == 1 && shared[1].isEmpty()) {
      note(CREDIT_STEPS * nanos, 0);
    }
    if (rows < shared.length) {
      shared[rows].add(nanos);
    }
    stepsSincePlain = 0;
    stepsSinceAttempt++;
    note(nanos, nanos);
  }

  /** Notes a step of the model that read guesses for its only row. */
  void steppedWithGuesses(int guesses, double nanos) {
    if (!shared[1].isEmpty()) {
      furtherId.add(Math.max(0, nanos - shared[1].median()) / guesses);
    }
    stepsSincePlain++;
    note(0, nanos);
  }

  /** Notes that the draft model read ids that were no guesses of its own, such as a prompt. */
  void caughtUp(int ids, double nanos) {
    unreadId.add(nanos / ids);
    note(0, nanos);
  }

  /** Notes that the draft model read a guess of its own. */
  void guessed(double nanos) {
    guess.add(nanos);
    note(0, nanos);
  }

  /**
   * Notes what a step with guesses gave.
   *
   * @param rows how many rows the step would have had without guesses
   * @param ofModel whether the draft model guessed
   */
  void settled(int rows, int guesses, int wereRight, boolean ofModel) {
    note((1 + wereRight) * perId(rows), 0);
    if (ofModel) {
      right = right * OLD_GUESS + wereRight;
      tried = tried * OLD_GUESS + Math.min(guesses, wereRight + 1);
      attempts++;
      stepsSinceAttempt = 0;
      lastWasRight = wereRight > 0;
    }
  }

  /** Notes how many ids an answer had. Any thread may call this; a lost call does no harm. */
  void answered(int ids) {
    double before = answer;
    answer = before + NEW_ANSWER * (ids - before);
  }

  private void note(double neededNanos, double spentNanos) {
    needed += neededNanos;
    spent += spentNanos;
    if (needed > ACCOUNT_NANOS) {
      needed /= 2;
      spent /= 2;
    }
  }

  /** Returns the time of an id without guesses. */
  private double perId(int rows) {
    return shared[rows].median() / rows;
  }

  /** Returns the estimated probability that a guess is right if those before it are. */
  double acceptance() {
    return (right + ASSUMED_ACCEPTANCE * ASSUMED_GUESSES) / (tried + ASSUMED_GUESSES);
  }

  /** Returns the measured times, with estimates for those that are not known yet. */
  DraftCosts costs() {
    double oneId = shared[1].median();
    return new DraftCosts(
        oneId,
        furtherId.isEmpty() ? oneId / 2 : furtherId.median(),
        guess.isEmpty() ? oneId * relativeSize : guess.median());
  }

  /**
   * Returns how many ids to guess for the next step of a row.
   *
   * @param rows how many rows the step has without guesses
   * @param unread how many ids of the row the draft model has to read first
   * @param made how many ids the answer has so far
   * @param most the largest result
   */
  int length(int rows, int unread, int made, int most) {
    if (rows >= shared.length || shared[1].isEmpty() || shared[rows].isEmpty() || most < 1) {
      return 0;
    }
    DraftCosts costs = costs();
    int best = costs.best(acceptance(), most);
    double gain = costs.speedup(acceptance(), best) * perId(rows) / costs.oneId();
    double reading = unread * (unreadId.isEmpty() ? costs.guess() / 2 : unreadId.median());
    double saving = (1 - 1 / gain) * perId(rows) * Math.max(answer, made);
    boolean pays = best > 0 && gain >= LEAST_GAIN && reading <= saving;
    int length = pays ? best : attemptIsDue() && rows == 1 ? 1 : 0;
    if (length == 0 || (pays && stepsSincePlain >= STEPS_BETWEEN_PLAIN)) {
      return 0;
    }
    double atRisk = reading + costs.step(length) - costs.oneId();
    return (spent + atRisk) * LEAST_SPEED <= needed ? length : 0;
  }

  private boolean attemptIsDue() {
    return attempts < ATTEMPTS_AT_FIRST
        || lastWasRight
        || stepsSinceAttempt >= STEPS_BETWEEN_ATTEMPTS;
  }
}
