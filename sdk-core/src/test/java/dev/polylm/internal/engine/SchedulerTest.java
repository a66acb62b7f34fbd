package dev.polylm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import dev.polylm.generation.FinishReason;
import dev.polylm.internal.decoding.DecodingRunner.Terms;
import dev.polylm.internal.decoding.DecodingTask;
import dev.polylm.model.ModelDimensions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The scheduler step by step, over rows whose logits tell what was read. */
final class SchedulerTest {
  static final ModelDimensions DIMENSIONS = new ModelDimensions(7, 300, 2, 8, 2, 4);
  private static final MemoryBudget AMPLE = new MemoryBudget(1L << 40, DIMENSIONS, Float.BYTES);

  /** A scheduler and what it is made of. */
  static final class Fixture {
    final FakeRows.Model model = new FakeRows.Model(DIMENSIONS.vocabSize());
    final RequestQueue queue = new RequestQueue(1000);
    final MemoryBudget budget;
    final LanePool pool;
    final Scheduler scheduler;
    final int chunk;
    final FakeRows.Model draft;

    Fixture(long limit, int maxRows, int chunk, boolean reuse) {
      this(limit, maxRows, chunk, reuse, null, null);
    }

    /** With a draft model where there is a pace. */
    Fixture(
        long limit,
        int maxRows,
        int chunk,
        boolean reuse,
        FakeRows.@Nullable Model draft,
        @Nullable DraftPace pace) {
      this.budget = new MemoryBudget(limit, DIMENSIONS, Float.BYTES);
      this.chunk = chunk;
      this.draft = draft == null ? model : draft;
      EngineObserver observer = new EngineObserver() {};
      DraftRows rows = draft == null ? null : new DraftRows(draft::create, budget, reuse);
      Drafter drafter =
          rows == null || pace == null ? null : new Drafter(rows, pace, chunk, observer);
      this.pool = new LanePool(model::create, model, budget, maxRows, reuse, rows);
      this.scheduler =
          new Scheduler(
              queue,
              pool,
              chunk,
              DIMENSIONS.vocabSize(),
              drafter,
              drafter == null ? observer : drafter);
    }

    EngineRequest add(DecodingTask task, int priority, @Nullable Duration timeout) {
      return add(task, priority, null, timeout);
    }

    EngineRequest add(
        DecodingTask task, int priority, @Nullable String caller, @Nullable Duration timeout) {
      EngineRequest request = request(task, priority, caller, timeout, chunk);
      queue.add(request);
      return request;
    }

    void runAll() {
      while (scheduler.step()) {
        assertThat(pool.bytes()).isLessThanOrEqualTo(budget.limit());
      }
    }
  }

  static EngineRequest request(
      DecodingTask task,
      int priority,
      @Nullable String caller,
      @Nullable Duration timeout,
      int chunk) {
    Terms terms = new Terms(priority, caller, timeout, System.nanoTime(), null);
    return new EngineRequest(task, terms, Math.min(chunk, 5), chunk, new EngineObserver() {});
  }

  private static List<int[]> prompts(Random random) {
    List<int[]> prompts = new ArrayList<>();
    int count = random.nextInt(4) == 0 ? 2 : 1;
    for (int i = 0; i < count; i++) {
      // Few different ids, so that prompts share their beginnings.
      int[] prompt = random.ints(1 + random.nextInt(60), 0, 2).toArray();
      for (int j = 0; random.nextInt(3) > 0 && j < Math.min(20, prompt.length); j++) {
        prompt[j] = 6;
      }
      prompts.add(prompt);
    }
    return prompts;
  }

  private static TracedTask task(FakeRows.Model model, long seed) {
    Random random = new Random(seed);
    List<int[]> prompts = prompts(random);
    if (random.nextInt(6) == 0) {
      return new HiddenStatesTask(model, prompts);
    }
    int longest = prompts.stream().mapToInt(prompt -> prompt.length).max().orElseThrow();
    int maxLength = longest + 1 + random.nextInt(200);
    return random.nextInt(4) == 0
        ? new DraftTask(model, seed, prompts.get(0), maxLength)
        : new RandomTask(model, seed, prompts, maxLength);
  }

  /** The sequential model: one task at a time, in memory of its own, nothing reused. */
  static String alone(long seed) {
    Fixture fixture = new Fixture(1L << 40, 64, 17, false);
    TracedTask task = task(fixture.model, seed);
    EngineRequest request = fixture.add(task, 0, null);
    fixture.runAll();
    assertThat(request.await()).isEmpty();
    return task.trace();
  }

  /** Requests that come, are cancelled, run out of time, and share what a seed gives. */
  static final class Schedule {
    static final int TASKS = 20;

    final List<String> callers;
    final Random random;
    final Fixture fixture;
    int preempted;
    final List<TracedTask> tasks = new ArrayList<>();
    final List<EngineRequest> requests = new ArrayList<>();

    Schedule(int seed) {
      this(seed, List.of());
    }

    /**
     * @param callers who asks; nobody names a caller where there are none
     */
    Schedule(int seed, List<String> callers) {
      this.callers = callers;
      random = new Random(seed);
      // From one request of the largest kind to many.
      long limit = AMPLE.bytes(new LaneSize(5, 300, 8)) * (2 + random.nextInt(6)) / 2;
      int maxRows = 1 + random.nextInt(12);
      fixture = new Fixture(limit, maxRows, 1 + random.nextInt(40), random.nextBoolean());
    }

    void run() {
      while (requests.size() < TASKS) {
        for (int burst = random.nextInt(5); burst > 0 && requests.size() < TASKS; burst--) {
          add();
        }
        for (int steps = random.nextInt(6); steps > 0; steps--) {
          fixture.scheduler.step();
          preempted += fixture.pool.preempted().size();
          assertThat(fixture.pool.bytes()).isLessThanOrEqualTo(fixture.budget.limit());
        }
        if (!requests.isEmpty() && random.nextInt(4) == 0) {
          requests.get(random.nextInt(requests.size())).cancel();
        }
      }
      fixture.runAll();
    }

    private void add() {
      TracedTask task = task(fixture.model, seed(requests.size()));
      Duration timeout = random.nextInt(6) == 0 ? Duration.ofNanos(random.nextInt(200_000)) : null;
      tasks.add(task);
      int priority = random.nextInt(3);
      String caller = callers.isEmpty() ? null : callers.get(random.nextInt(callers.size()));
      requests.add(fixture.add(task, priority, caller, timeout));
    }

    static long seed(int index) {
      return 1000L + index * 7L;
    }

    void checkNothingIsLeft() {
      assertThat(fixture.model.open).isZero();
      assertThat(fixture.queue.size()).isZero();
      fixture.pool.forget();
      assertThat(fixture.model.kept).isZero();
      assertThat(fixture.pool.bytes()).isZero();
    }
  }

  @Test
  void everyTaskGoesAsItWouldAloneWhateverTheSchedule() {
    List<String> alone =
        IntStream.range(0, Schedule.TASKS).mapToObj(i -> alone(Schedule.seed(i))).toList();
    Set<Optional<FinishReason>> seen = new HashSet<>();
    for (int round = 0; round < 500; round++) {
      Schedule schedule = new Schedule(round);
      schedule.run();
      for (int i = 0; i < Schedule.TASKS; i++) {
        Optional<FinishReason> stopped = schedule.requests.get(i).await();
        seen.add(stopped);
        if (stopped.isEmpty()) {
          assertThat(schedule.tasks.get(i).trace()).isEqualTo(alone.get(i));
        } else if (!(schedule.tasks.get(i) instanceof DraftTask)) {
          assertThat(alone.get(i)).startsWith(schedule.tasks.get(i).trace());
        }
      }
      schedule.checkNothingIsLeft();
    }
    assertThat(seen)
        .containsExactlyInAnyOrder(
            Optional.empty(), Optional.of(FinishReason.CANCELLED), Optional.of(FinishReason.TIME));
  }

  @Test
  void whatFailsInAScheduleFailsItsOwnTasks() {
    List<String> alone =
        IntStream.range(0, Schedule.TASKS).mapToObj(i -> alone(Schedule.seed(i))).toList();
    int failed = 0;
    for (int round = 0; round < 300; round++) {
      Schedule schedule = new Schedule(round);
      schedule.fixture.model.failingRun = schedule.random.nextInt(300);
      schedule.fixture.model.failingAllocation = schedule.random.nextInt(20);
      schedule.run();
      for (int i = 0; i < Schedule.TASKS; i++) {
        try {
          if (schedule.requests.get(i).await().isEmpty()) {
            assertThat(schedule.tasks.get(i).trace()).isEqualTo(alone.get(i));
          }
        } catch (PolyLmException e) {
          assertThat(e.getMessage())
              .isIn("the model's run failed: broken", "memory outside the heap can't be had");
          failed++;
        }
      }
      schedule.checkNothingIsLeft();
    }
    assertThat(failed).isBetween(300, 300 * Schedule.TASKS / 2);
  }

  @Test
  void aFailedRunFailsItsOwnRequestsAndTheOthersGoOn() {
    for (int failing = 0; failing < 60; failing++) {
      Fixture fixture = new Fixture(1L << 40, 8, 10, true);
      fixture.model.failingRun = failing;
      List<EngineRequest> requests = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        requests.add(fixture.add(task(fixture.model, i), 0, null));
      }
      fixture.runAll();
      int failed = 0;
      for (EngineRequest request : requests) {
        try {
          assertThat(request.await()).isEmpty();
        } catch (PolyLmException e) {
          assertThat(e).hasMessage("the model's run failed: broken");
          failed++;
        }
      }
      assertThat(failed).isBetween(1, 8);
      assertThat(fixture.model.open).isZero();
      EngineRequest next = fixture.add(task(fixture.model, 99), 0, null);
      fixture.runAll();
      assertThat(next.await()).isEmpty();
    }
  }

  @Test
  void aTaskThatThrowsFailsAlone() {
    Fixture fixture = new Fixture(1L << 40, 8, 10, true);
    RandomTask thrower =
        new RandomTask(new FakeRows.Model(7), 1, List.of(new int[] {1, 2, 3}), 50) {
          @Override
          public void advance(RowLogits logits) {
            throw new IllegalArgumentException("no id can follow");
          }
        };
    EngineRequest bad = fixture.add(thrower, 0, null);
    EngineRequest good = fixture.add(task(fixture.model, 3), 0, null);
    fixture.runAll();
    assertThatThrownBy(bad::await)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no id can follow");
    assertThat(good.await()).isEmpty();
  }

  static TracedTask sequence(FakeRows.Model model, int[] prompt) {
    return new DraftTask(model, 5, prompt, prompt.length + 20);
  }

  static int[] prompt(int last) {
    int[] prompt = new int[100];
    prompt[99] = last;
    return prompt;
  }

  /** How many ids are read for a task, and what comes of it. */
  private static long idsRead(Fixture fixture, TracedTask task) {
    long before = fixture.model.idsRead;
    fixture.add(task, 0, null);
    fixture.runAll();
    return fixture.model.idsRead - before;
  }

  @Test
  void whatAPromptBeginsWithIsReadOnce() {
    Fixture fixture = new Fixture(1L << 40, 8, 32, true);
    TracedTask first = sequence(fixture.model, prompt(1));
    TracedTask again = sequence(fixture.model, prompt(1));
    TracedTask other = sequence(fixture.model, prompt(2));
    long whole = idsRead(fixture, first);
    assertThat(idsRead(fixture, again)).isEqualTo(whole - 99);
    assertThat(again.trace()).isEqualTo(first.trace());
    assertThat(idsRead(fixture, other)).isBetween(20L, 100L);
    Fixture without = new Fixture(1L << 40, 8, 32, false);
    assertThat(idsRead(without, sequence(without.model, prompt(1)))).isEqualTo(whole);
    assertThat(idsRead(without, sequence(without.model, prompt(1)))).isEqualTo(whole);
  }

  /** Else the hidden states of what was known would be missing. */
  @Test
  void whatIsReadForItsHiddenStatesIsReadWholeAndNotKept() {
    Fixture fixture = new Fixture(1L << 40, 8, 32, true);
    idsRead(fixture, sequence(fixture.model, prompt(1)));
    int kept = fixture.model.kept;
    HiddenStatesTask twice = new HiddenStatesTask(fixture.model, List.of(prompt(1), prompt(1)));
    assertThat(idsRead(fixture, twice)).isEqualTo(200);
    int[] prompt = prompt(1);
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      expected.append(i / 100);
      expected.append(Arrays.toString(fixture.model.logits(prompt, i % 100 + 1)));
    }
    assertThat(twice.trace()).isEqualTo(expected.toString());
    assertThat(fixture.model.kept).isEqualTo(kept);
  }

  @Test
  void whatARunningPromptBeginsWithIsNotReadAgain() {
    Fixture fixture = new Fixture(1L << 40, 8, 32, true);
    fixture.add(sequence(fixture.model, prompt(1)), 0, null);
    while (fixture.model.idsRead < 99) {
      fixture.scheduler.step();
    }
    fixture.add(sequence(fixture.model, prompt(2)), 0, null);
    fixture.runAll();
    assertThat(fixture.model.idsRead).isLessThan(99 + 2 * 60);
  }

  @Test
  void whatIsKeptGivesWayToRequests() {
    LaneSize one = AMPLE.rounded(new LaneSize(1, 119, 4));
    Fixture fixture = new Fixture(AMPLE.bytes(one) * 5 / 2, 8, 32, true);
    idsRead(fixture, sequence(fixture.model, prompt(1)));
    assertThat(fixture.pool.prefixBytes()).isPositive();
    DraftTask large = new DraftTask(fixture.model, 5, prompt(2), 300);
    idsRead(fixture, large);
    assertThat(large.finished()).isTrue();
    assertThat(fixture.pool.prefixBytes()).isZero();
    assertThat(fixture.model.kept).isZero();
  }
}
