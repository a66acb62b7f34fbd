package dev.polylm.internal.engine;

import static dev.polylm.internal.engine.SchedulerTest.prompt;
import static dev.polylm.internal.engine.SchedulerTest.sequence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.QueueFullException;
import dev.polylm.generation.FinishReason;
import dev.polylm.internal.engine.SchedulerTest.Fixture;
import dev.polylm.internal.engine.SchedulerTest.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Callers share rows, memory and places in the queue. */
final class CallersTest {

  /** The rows that a caller has in steps. */
  private static int rowsOf(Fixture fixture, String caller) {
    return fixture.pool.rowsByCaller().getOrDefault(caller, 0);
  }

  private static void addMany(Fixture fixture, int count, String caller) {
    for (int i = 0; i < count; i++) {
      fixture.add(new DraftTask(fixture.model, 5, prompt(i % 7), 300), 0, caller, null);
    }
  }

  @Test
  void aCallerWaitsForAStepAndNotForTheAnswersOfAnother() {
    Fixture fixture = new Fixture(1L << 40, 16, 1000, true);
    addMany(fixture, 40, "first");
    fixture.scheduler.step();
    assertThat(rowsOf(fixture, "first")).isEqualTo(16);
    fixture.add(sequence(fixture.model, prompt(1)), 0, "second", null);
    fixture.scheduler.step();
    assertThat(rowsOf(fixture, "second")).isEqualTo(1);
    assertThat(rowsOf(fixture, "first")).isEqualTo(15);
    addMany(fixture, 30, "second");
    fixture.scheduler.step();
    assertThat(rowsOf(fixture, "second")).isEqualTo(8);
    assertThat(rowsOf(fixture, "first")).isEqualTo(8);
    addMany(fixture, 30, "third");
    fixture.scheduler.step();
    assertThat(rowsOf(fixture, "third")).isEqualTo(5);
    assertThat(rowsOf(fixture, "first") + rowsOf(fixture, "second")).isEqualTo(11);
    fixture.runAll();
    assertThat(fixture.queue.size()).isZero();
  }

  @Test
  void ofCallersWithManyRowsEachGivesItsLatestRequests() {
    Fixture fixture = new Fixture(1L << 40, 4, 1000, true);
    List<EngineRequest> requests = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      requests.add(fixture.add(sequence(fixture.model, prompt(i)), 0, "first", null));
    }
    fixture.scheduler.step();
    addMany(fixture, 1, "second");
    fixture.scheduler.step();
    assertThat(fixture.pool.preempted()).containsExactly(requests.get(3));
    fixture.runAll();
    assertThat(requests).allSatisfy(request -> assertThat(request.await()).isEmpty());
  }

  @Test
  void nobodyIsPreemptedForALowerPriorityOrForACallerWithItsShare() {
    Fixture fixture = new Fixture(1L << 40, 4, 1000, true);
    addMany(fixture, 4, "first");
    fixture.scheduler.step();
    fixture.add(sequence(fixture.model, prompt(1)), -1, "second", null);
    fixture.scheduler.step();
    assertThat(rowsOf(fixture, "first")).isEqualTo(4);
    addMany(fixture, 3, "third");
    fixture.scheduler.step();
    assertThat(rowsOf(fixture, "first")).isEqualTo(3); // three callers, four rows
    assertThat(rowsOf(fixture, "third")).isEqualTo(1);
    fixture.runAll();
    assertThat(fixture.queue.size()).isZero();
  }

  /** Each request that names no caller is a caller with one request. */
  @Test
  void theOnlyRequestOfACallerIsNotPreempted() {
    Fixture fixture = new Fixture(1L << 40, 2, 1000, true);
    List<int[]> prompts = List.of(new int[] {1, 2}, new int[] {3});
    EngineRequest wide =
        fixture.add(new RandomTask(fixture.model, 2, prompts, 60), 0, "first", null);
    fixture.scheduler.step();
    assertThat(rowsOf(fixture, "first")).isEqualTo(2); // it needs another step
    EngineRequest other = fixture.add(sequence(fixture.model, prompt(1)), 0, null, null);
    fixture.scheduler.step();
    assertThat(fixture.pool.running()).containsExactly(wide);
    fixture.runAll();
    assertThat(wide.await()).isEmpty();
    assertThat(other.await()).isEmpty();
  }

  @Test
  void whatIsPreemptedGoesOnAsIfNothingHadHappened() {
    List<String> alone =
        IntStream.range(0, Schedule.TASKS)
            .mapToObj(i -> SchedulerTest.alone(Schedule.seed(i)))
            .toList();
    int preempted = 0;
    for (int round = 0; round < 500; round++) {
      Schedule schedule = new Schedule(round, List.of("a", "a", "a", "a", "b", "b", "c"));
      schedule.run();
      preempted += schedule.preempted;
      for (int i = 0; i < Schedule.TASKS; i++) {
        Optional<FinishReason> stopped = schedule.requests.get(i).await();
        if (stopped.isEmpty()) {
          assertThat(schedule.tasks.get(i).trace()).isEqualTo(alone.get(i));
        } else if (!(schedule.tasks.get(i) instanceof DraftTask)) {
          assertThat(alone.get(i)).startsWith(schedule.tasks.get(i).trace());
        }
      }
      schedule.checkNothingIsLeft();
    }
    assertThat(preempted).isGreaterThan(500);
  }

  /** What was preempted holds the memory that the next request needs. */
  @Test
  void whatIsPreemptedGoesOnWhereTheOtherLacksMemory() {
    LaneSize one = new LaneSize(1, 300, 5);
    MemoryBudget ample = new MemoryBudget(1L << 40, SchedulerTest.DIMENSIONS, Float.BYTES);
    Fixture fixture = new Fixture(ample.bytes(one) * 5, 4, 1000, false);
    addMany(fixture, 6, "first");
    fixture.scheduler.step();
    addMany(fixture, 4, "second");
    fixture.runAll();
    assertThat(fixture.queue.size()).isZero();
    assertThat(fixture.model.open).isZero();
  }

  @Test
  void oneCallerLeavesMemoryToOthers() {
    LaneSize one = new LaneSize(1, 300, 5);
    MemoryBudget ample = new MemoryBudget(1L << 40, SchedulerTest.DIMENSIONS, Float.BYTES);
    Fixture fixture = new Fixture(ample.bytes(one) * 10, 64, 1000, false);
    addMany(fixture, 30, "first");
    fixture.scheduler.step();
    int held = rowsOf(fixture, "first");
    assertThat(held).isBetween(2, 9);
    addMany(fixture, 1, "second");
    fixture.scheduler.step();
    assertThat(rowsOf(fixture, "second")).isEqualTo(1);
    assertThat(rowsOf(fixture, "first")).isEqualTo(held);
  }

  /** Each of the others has a request that came before it, and then many more. */
  @Test
  void aNewCallerWaitsForOneRequestOfEachOther() {
    RequestQueue queue = new RequestQueue(1000);
    FakeRows.Model model = new FakeRows.Model(7);
    for (int i = 0; i < 40; i++) {
      queue.add(waiting(model, "caller " + i / 8));
    }
    List<String> order = new ArrayList<>();
    takeTurns(queue, 2, order);
    queue.add(waiting(model, "new"));
    queue.add(waiting(model, null));
    queue.add(waiting(model, "new"));
    takeTurns(queue, 41, order);
    assertThat(order.subList(0, 7))
        .containsExactly("caller 0", "caller 1", "caller 2", "caller 3", "caller 4", "new", "null");
    assertThat(order.subList(7, 13))
        .containsExactly("caller 0", "caller 1", "caller 2", "caller 3", "caller 4", "new");
    assertThat(queue.size()).isZero();
  }

  @Test
  void aFloodOfNewCallersDelaysNobodyForEver() {
    RequestQueue queue = new RequestQueue(20);
    FakeRows.Model model = new FakeRows.Model(7);
    for (int i = 0; i < 3; i++) {
      queue.add(waiting(model, "old"));
    }
    List<String> order = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      queue.add(waiting(model, "new " + i));
      takeTurns(queue, 1, order);
    }
    assertThat(order.stream().filter("old"::equals)).hasSize(3);
  }

  /** Takes turns of callers none of whom holds rows. */
  private static void takeTurns(RequestQueue queue, int count, List<String> order) {
    for (int i = 0; i < count; i++) {
      EngineRequest next = Objects.requireNonNull(queue.next(Map.of()));
      order.add(String.valueOf(next.caller()));
      queue.take(next);
    }
  }

  @Test
  void oneCallerCanNotFillTheQueue() {
    RequestQueue queue = new RequestQueue(16);
    FakeRows.Model model = new FakeRows.Model(7);
    for (int i = 0; i < 14; i++) {
      queue.add(waiting(model, "first"));
    }
    assertThatThrownBy(() -> queue.add(waiting(model, "first")))
        .isInstanceOf(QueueFullException.class)
        .hasMessage("14 requests are waiting already, which is the limit: try again later");
    queue.add(waiting(model, "second"));
    queue.add(waiting(model, null));
    assertThatThrownBy(() -> queue.add(waiting(model, "third")))
        .isInstanceOf(QueueFullException.class)
        .hasMessage("16 requests are waiting already, which is the limit: try again later");
  }

  private static EngineRequest waiting(FakeRows.Model model, @Nullable String caller) {
    return SchedulerTest.request(sequence(model, prompt(1)), 0, caller, null, 5);
  }
}
