package dev.polylm.export.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkersTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void runsEachTaskOnce(int threads) {
    try (Workers workers = new Workers(threads)) {
      AtomicIntegerArray runs = new AtomicIntegerArray(1000);
      workers.forEach(1000, runs::incrementAndGet);
      for (int i = 0; i < 1000; i++) {
        assertThat(runs.get(i)).isEqualTo(1);
      }
      workers.forEach(0, runs::incrementAndGet);
    }
  }

  @Test
  void worksOnAllThreadsAtOnce() {
    CyclicBarrier allAreHere = new CyclicBarrier(3);
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    try (Workers workers = new Workers(3)) {
      workers.forEach(
          3,
          i -> {
            threads.add(Thread.currentThread());
            try {
              allAreHere.await(30, TimeUnit.SECONDS);
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          });
    }
    assertThat(threads).hasSize(3).contains(Thread.currentThread());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void throwsWhatATaskThrewAndDropsTheRest(int threads) {
    AtomicInteger runs = new AtomicInteger();
    try (Workers workers = new Workers(threads)) {
      assertThatThrownBy(
              () ->
                  workers.forEach(
                      1_000_000,
                      i -> {
                        runs.incrementAndGet();
                        throw new UnsupportedOperationException("task " + i);
                      }))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageStartingWith("task ");
      assertThat(runs.get()).isBetween(1, threads);
      workers.forEach(3, i -> runs.set(100));
      assertThat(runs.get()).isEqualTo(100);
    }
  }

  @Test
  void needsAThread() {
    assertThatThrownBy(() -> new Workers(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("threads is 0, expected at least 1");
  }
}
