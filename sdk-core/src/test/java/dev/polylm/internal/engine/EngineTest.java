package dev.polylm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.QueueFullException;
import dev.polylm.generation.DraftCounts;
import dev.polylm.generation.FinishReason;
import dev.polylm.generation.Timings;
import dev.polylm.internal.decoding.DecodingRunner.Terms;
import dev.polylm.internal.decoding.DecodingRunner.Ticket;
import dev.polylm.internal.decoding.DecodingTask;
import dev.polylm.internal.engine.EngineRequest.Status;
import dev.polylm.model.ModelDimensions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The engine's thread, its queue and its end, over rows whose runs can be held up. */
@Timeout(60)
final class EngineTest {
  private static final ModelDimensions DIMENSIONS = new ModelDimensions(7, 300, 2, 8, 2, 4);
  private static final PolyLmOptions ONE_ROW =
      PolyLmOptions.builder().maxRows(1).keyValueBytes(1 << 20).build();

  private final FakeRows.Model model = new FakeRows.Model(DIMENSIONS.vocabSize());

  private Engine engine(PolyLmOptions options) {
    return engine(options, new EngineObserver() {});
  }

  private Engine engine(PolyLmOptions options, EngineObserver observer) {
    Engine.RunModel run = new Engine.RunModel(model::create, model, DIMENSIONS, Float.BYTES);
    return new Engine(run, null, options, observer);
  }

  /** A sequence of a few ids after a prompt of one. */
  private static class Sequence implements DecodingTask {
    private final int length;
    private int read;

    Sequence(int length) {
      this.length = length;
    }

    @Override
    public List<int[]> prompts() {
      return List.of(new int[] {1});
    }

    @Override
    public int maxRows() {
      return 1;
    }

    @Override
    public int maxLength() {
      return length;
    }

    @Override
    public void advance(RowLogits logits) {
      read++;
    }

    @Override
    public boolean finished() {
      return read + 1 >= length;
    }

    @Override
    public int rows() {
      return 1;
    }

    @Override
    public int[] parents() {
      return new int[] {0};
    }

    @Override
    public int nextId(int row) {
      return 2;
    }
  }

  /** Holds the engine's thread up from its first arrival until it is opened. */
  private static final class Gate implements Runnable {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);

    @Override
    public void run() {
      reached.countDown();
      await(opened);
    }

    void awaitReached() {
      await(reached);
    }

    void open() {
      opened.countDown();
    }

    private static void await(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static Ticket submit(Engine engine, DecodingTask task) {
    return engine.submit(task, Terms.defaults());
  }

  private static Thread start(Runnable action) {
    Thread thread = new Thread(action);
    thread.start();
    return thread;
  }

  @Test
  void aFullQueueRefusesUntilThereIsAPlace() {
    Gate gate = new Gate();
    model.beforeRun = gate;
    try (Engine engine = engine(ONE_ROW.toBuilder().queueCapacity(2).build())) {
      submit(engine, new Sequence(5));
      gate.awaitReached();
      Ticket first = submit(engine, new Sequence(5));
      Ticket second = submit(engine, new Sequence(5));
      assertThatThrownBy(() -> submit(engine, new Sequence(5)))
          .isInstanceOf(QueueFullException.class)
          .hasMessage("2 requests are waiting already, which is the limit: try again later");
      first.cancel();
      Ticket third = submit(engine, new Sequence(5));
      gate.open();
      assertThat(first.await()).contains(FinishReason.CANCELLED);
      assertThat(second.await()).isEmpty();
      assertThat(third.await()).isEmpty();
    }
  }

  @Test
  void whatCanNeverFitIsRefusedAtOnceWithTheNumbers() {
    try (Engine engine = engine(ONE_ROW.toBuilder().keyValueBytes(11_000).build())) {
      assertThatThrownBy(() -> submit(engine, new Sequence(66)))
          .isInstanceOf(PolyLmException.class)
          .hasMessage(
              "the request may need 1 rows of 128 positions, which take 20508 bytes of keys,"
                  + " values and logits; the engine may use 11000 bytes, and 2147483647 for one"
                  + " tensor: ask for less, or raise keyValueBytes, whose default depends on the"
                  + " free memory and"
                  + " -XX:MaxDirectMemorySize");
      assertThat(submit(engine, new Sequence(5)).await()).isEmpty();
    }
  }

  @Test
  void thoseThatWaitGoByPriorityAndThenInTheirOrder() {
    Gate gate = new Gate();
    model.beforeRun = gate;
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    try (Engine engine = engine(ONE_ROW)) {
      submit(engine, new Sequence(5));
      gate.awaitReached();
      List<Ticket> tickets = new ArrayList<>();
      for (String name : List.of("a0", "b5", "c-1", "d5", "e0")) {
        Sequence task =
            new Sequence(2) {
              @Override
              public void advance(RowLogits logits) {
                super.advance(logits);
                order.add(name);
              }
            };
        int priority = Integer.parseInt(name.substring(1));
        tickets.add(engine.submit(task, new Terms(priority, null)));
      }
      gate.open();
      tickets.forEach(Ticket::await);
    }
    assertThat(order).containsExactly("b5", "d5", "a0", "e0", "c-1");
  }

  @Test
  void observersHearOfTheEndBeforeTheCaller() {
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    EngineObserver observer =
        new EngineObserver() {
          @Override
          public void ended(
              Status how, int promptIds, int reusedIds, DraftCounts drafts, Timings timings) {
            order.add("observer: " + how);
          }
        };
    Gate gate = new Gate();
    model.beforeRun = gate;
    try (Engine engine = engine(ONE_ROW, observer)) {
      Ticket finished = submit(engine, new Sequence(5));
      finished.onEnd(failure -> order.add("caller"));
      gate.awaitReached();
      Ticket cancelled = submit(engine, new Sequence(5));
      cancelled.onEnd(failure -> order.add("caller"));
      cancelled.cancel();
      gate.open();
      finished.await();
    }
    assertThat(order)
        .containsExactly("observer: CANCELLED", "caller", "observer: FINISHED", "caller");
  }

  @Test
  void anObserverThatThrowsTakesNoAnswer() {
    EngineObserver observer =
        new EngineObserver() {
          @Override
          public void ended(
              Status how, int promptIds, int reusedIds, DraftCounts drafts, Timings timings) {
            throw new IllegalStateException("no room in the log");
          }
        };
    try (Engine engine = engine(ONE_ROW, observer)) {
      assertThat(submit(engine, new Sequence(5)).await()).isEmpty();
    }
  }

  @Test
  void theWaitCountsForTheDeadline() {
    Gate gate = new Gate();
    model.beforeRun = gate;
    try (Engine engine = engine(ONE_ROW)) {
      Ticket running = submit(engine, new Sequence(5));
      gate.awaitReached();
      Ticket late = engine.submit(new Sequence(5), new Terms(0, Duration.ofNanos(1)));
      gate.open();
      assertThat(late.await()).contains(FinishReason.TIME);
      assertThat(late.timings().queue()).isPositive();
      assertThat(late.timings().steps()).isZero();
      assertThat(running.await()).isEmpty();
    }
  }

  @Test
  void cancelEndsATaskWhileARunIsUnderWay() {
    Gate gate = new Gate();
    model.beforeRun = gate;
    try (Engine engine = engine(ONE_ROW)) {
      Ticket running = submit(engine, new Sequence(5));
      Ticket waiting = submit(engine, new Sequence(5));
      gate.awaitReached();
      running.cancel();
      waiting.cancel();
      assertThat(running.await()).contains(FinishReason.CANCELLED);
      assertThat(waiting.await()).contains(FinishReason.CANCELLED);
      gate.open();
    }
    assertThat(model.open).isZero();
    assertThat(model.runs).isEqualTo(1);
  }

  @Test
  void cancelEndsATaskWhileItsMemoryIsMade() {
    Gate gate = new Gate();
    model.beforeAllocation = gate;
    try (Engine engine = engine(ONE_ROW)) {
      Ticket ticket = submit(engine, new Sequence(5));
      gate.awaitReached();
      ticket.cancel();
      assertThat(ticket.await()).contains(FinishReason.CANCELLED);
      gate.open();
    }
    assertThat(model.open).isZero();
    assertThat(model.runs).isZero();
  }

  @Test
  void anInterruptOfTheThreadThatWaitsCancelsAndIsKept() {
    Gate gate = new Gate();
    model.beforeRun = gate;
    try (Engine engine = engine(ONE_ROW)) {
      Ticket ticket = submit(engine, new Sequence(5));
      gate.awaitReached();
      Thread.currentThread().interrupt();
      assertThat(ticket.await()).contains(FinishReason.CANCELLED);
      assertThat(Thread.interrupted()).isTrue();
      gate.open();
    }
  }

  @Test
  void closeWaitsForWhatItHasAndTakesNoMore() throws Exception {
    Gate gate = new Gate();
    model.beforeRun = gate;
    Engine engine = engine(ONE_ROW);
    Ticket running = submit(engine, new Sequence(5));
    Ticket waiting = submit(engine, new Sequence(5));
    gate.awaitReached();
    Thread closing = start(engine::close);
    awaitState(closing, Thread.State.WAITING);
    assertThatThrownBy(() -> submit(engine, new Sequence(5))).hasMessage("the model is closed");
    gate.open();
    closing.join();
    assertThat(running.await()).isEmpty();
    assertThat(waiting.await()).isEmpty();
    assertThat(model.open).isZero();
    engine.close();
  }

  /** A task that does something to its engine, which would wait for itself. */
  private static Sequence meddling(Runnable action) {
    return new Sequence(5) {
      @Override
      public void advance(RowLogits logits) {
        action.run();
      }
    };
  }

  @Test
  void aTaskThatAsksOrClosesItsEngineIsRefused() {
    try (Engine engine = engine(ONE_ROW)) {
      for (Runnable action :
          List.<Runnable>of(() -> submit(engine, new Sequence(5)), engine::close)) {
        assertThatThrownBy(submit(engine, meddling(action))::await)
            .isInstanceOf(PolyLmException.class)
            .hasMessage("a logits processor or callback can't use or close the model that runs it");
      }
      assertThat(submit(engine, new Sequence(5)).await()).isEmpty();
    }
  }

  @Test
  void anIdleEngineSleeps() {
    AtomicReference<Thread> worker = new AtomicReference<>();
    try (Engine engine = engine(ONE_ROW)) {
      for (int i = 0; i < 2; i++) {
        submit(engine, meddlingLast(() -> worker.set(Thread.currentThread()))).await();
        awaitState(worker.get(), Thread.State.TIMED_WAITING);
        assertThat(worker.get().getStackTrace())
            .anyMatch(frame -> frame.getMethodName().equals("getTask"));
      }
    }
  }

  private static Sequence meddlingLast(Runnable action) {
    return new Sequence(2) {
      @Override
      public void advance(RowLogits logits) {
        action.run();
        super.advance(logits);
      }
    };
  }

  private static void awaitState(Thread thread, Thread.State state) {
    while (thread.getState() != state) {
      Thread.onSpinWait();
    }
  }

  @Test
  void whatNobodyForesawFailsTheTasksAndTheEngineGoesOn() {
    model.beforeRun =
        () -> {
          model.beforeRun = () -> {};
          throw new AssertionError("impossible");
        };
    try (Engine engine = engine(ONE_ROW)) {
      assertThatThrownBy(submit(engine, new Sequence(5))::await)
          .isInstanceOf(PolyLmException.class)
          .hasMessage("the engine failed: java.lang.AssertionError: impossible");
      assertThat(submit(engine, new Sequence(5)).await()).isEmpty();
    }
    assertThat(model.open).isZero();
  }

  @Test
  void memoryThatIsWantingFailsTheTaskAndTheEngineGoesOn() {
    model.failingAllocation = 0;
    try (Engine engine = engine(ONE_ROW)) {
      assertThatThrownBy(submit(engine, new Sequence(5))::await)
          .isInstanceOf(PolyLmException.class)
          .hasMessage("memory outside the heap can't be had");
      assertThat(submit(engine, new Sequence(5)).await()).isEmpty();
    }
    assertThat(model.open).isZero();
  }

  @Test
  void manyThreadsAreServed() throws Exception {
    try (Engine engine = engine(ONE_ROW.toBuilder().maxRows(4).build())) {
      List<FutureTask<Optional<FinishReason>>> threads = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        int length = 2 + i;
        threads.add(new FutureTask<>(() -> submit(engine, new Sequence(length)).await()));
        start(threads.get(i));
      }
      for (FutureTask<Optional<FinishReason>> thread : threads) {
        assertThat(thread.get()).isEmpty();
      }
    }
    assertThat(model.open).isZero();
  }
}
