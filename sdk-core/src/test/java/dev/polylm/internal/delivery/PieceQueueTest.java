package dev.polylm.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import org.junit.jupiter.api.Test;

final class PieceQueueTest {
  private static final int ROUNDS = 20_000;

  /** The end comes between two looks of the reader in some of the rounds. */
  @Test
  void aReaderThatNeverWaitsSeesEachPieceAndTheEnd()
      throws InterruptedException, ExecutionException {
    List<PieceQueue> queues = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      queues.add(new PieceQueue());
    }
    Phaser together = new Phaser(2);
    ExecutorService writer = Executors.newSingleThreadExecutor();
    try {
      Future<?> written =
          writer.submit(
              () -> {
                for (PieceQueue queue : queues) {
                  together.arriveAndAwaitAdvance();
                  queue.accept("a");
                  queue.end();
                }
              });
      for (PieceQueue queue : queues) {
        together.arriveAndAwaitAdvance();
        assertThat(polled(queue)).containsExactly("a");
      }
      written.get();
    } finally {
      writer.shutdownNow();
    }
  }

  /** Reads until the end, or until a piece too many. */
  private static List<String> polled(PieceQueue queue) {
    List<String> pieces = new ArrayList<>();
    while (!queue.atEnd() && pieces.size() < 2) {
      String piece = queue.poll();
      if (piece != null) {
        pieces.add(piece);
      }
    }
    return pieces;
  }

  @Test
  void theEndStaysForEachKindOfReader() throws InterruptedException {
    PieceQueue queue = new PieceQueue();
    queue.end();

    assertThat(queue.poll()).isNull();
    assertThat(queue.take()).isEmpty();
    assertThat(queue.poll()).isNull();
    assertThat(queue.atEnd()).isTrue();
  }
}
