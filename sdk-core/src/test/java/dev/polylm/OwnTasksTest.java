package dev.polylm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.generation.FinishReason;
import dev.polylm.generation.Timings;
import dev.polylm.internal.decoding.DecodingRunner;
import dev.polylm.internal.decoding.DecodingRunner.Terms;
import dev.polylm.internal.decoding.DecodingTask;
import dev.polylm.internal.decoding.PromptTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whose tasks end with a handle, over a runner that runs nothing. */
final class OwnTasksTest {
  private static final DecodingTask TASK =
      new PromptTask() {
        @Override
        public List<int[]> prompts() {
          return List.of(new int[] {1});
        }
      };

  /** Counts its cancellations, each of which would end a task anew. */
  private static final class Ticket implements DecodingRunner.Ticket {
    private final List<Consumer<@Nullable Throwable>> actions = new ArrayList<>();
    private int cancelled;

    private void end() {
      actions.forEach(action -> action.accept(null));
    }

    @Override
    public Optional<FinishReason> await() {
      throw new UnsupportedOperationException("nobody waits");
    }

    @Override
    public void onEnd(Consumer<@Nullable Throwable> action) {
      actions.add(action);
    }

    @Override
    public void cancel() {
      cancelled++;
      end();
    }

    @Override
    public Timings timings() {
      throw new UnsupportedOperationException("nobody asks");
    }

    @Override
    public int reusedIds() {
      throw new UnsupportedOperationException("nobody asks");
    }
  }

  private static Ticket submit(OwnTasks tasks) {
    return (Ticket) tasks.submit(TASK, Terms.defaults());
  }

  @Test
  void whatIsUnderWayEndsAndWhatHasEndedIsForgotten() {
    OwnTasks tasks = new OwnTasks((task, terms) -> new Ticket(), null);
    Ticket ended = submit(tasks);
    Ticket underWay = submit(tasks);
    ended.end();
    tasks.end();
    assertThat(underWay.cancelled).isEqualTo(1);
    assertThat(ended.cancelled).isZero();
    tasks.end();
    assertThat(underWay.cancelled).isEqualTo(1);
  }

  @Test
  void whatComesAfterTheEndEndsAtOnce() {
    OwnTasks tasks = new OwnTasks((task, terms) -> new Ticket(), null);
    tasks.end();
    assertThat(submit(tasks).cancelled).isEqualTo(1);
  }

  @Test
  void theTasksOfAnotherGoOn() {
    List<Ticket> all = new ArrayList<>();
    OwnTasks mine = new OwnTasks((task, terms) -> added(all), null);
    OwnTasks theirs = new OwnTasks((task, terms) -> added(all), null);
    submit(mine);
    submit(theirs);
    mine.end();
    assertThat(all).extracting(ticket -> ticket.cancelled).containsExactly(1, 0);
  }

  private static Ticket added(List<Ticket> all) {
    all.add(new Ticket());
    return all.get(all.size() - 1);
  }

  @Test
  void tasksAreTheCallersUnlessTheyNameAnother() {
    List<Terms> all = new ArrayList<>();
    OwnTasks tasks =
        new OwnTasks(
            (task, terms) -> {
              all.add(terms);
              return new Ticket();
            },
            "mine");
    Terms named = new Terms(1, "theirs", null, 2);
    tasks.submit(TASK, named);
    tasks.submit(TASK, new Terms(3, null, Duration.ofSeconds(4), 5));
    assertThat(all).containsExactly(named, new Terms(3, "mine", Duration.ofSeconds(4), 5));
  }

  @Test
  void whatTheEngineRefusesIsRefused() {
    PolyLmException refusal = new PolyLmException("the queue is full");
    OwnTasks tasks =
        new OwnTasks(
            (task, terms) -> {
              throw refusal;
            },
            null);
    assertThatThrownBy(() -> submit(tasks)).isSameAs(refusal);
    tasks.end();
  }
}
