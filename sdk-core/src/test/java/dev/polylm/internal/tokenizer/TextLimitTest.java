package dev.polylm.internal.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.prompt.TinyVocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class TextLimitTest {
  private static final int ALL = 1 << 20;

  @TempDir Path folder;

  @Test
  @Timeout(60)
  void longTextsWaitForOneAnother() throws Exception {
    TextLimit limit = limit();
    CountDownLatch first = new CountDownLatch(1);
    Thread encoding = new Thread(() -> limit.share(3L * ALL, () -> await(first)));
    encoding.start();
    awaitWaiting(encoding);
    Thread waiting = new Thread(() -> limit.share(1, () -> true));
    waiting.start();
    awaitWaiting(waiting);
    assertThat(waiting.isAlive()).isTrue();

    first.countDown();

    waiting.join();
    encoding.join();
    assertThat(limit.<Boolean>share(ALL, () -> true)).isTrue();
  }

  @Test
  @Timeout(60)
  void shortTextsAreEncodedBesideALongOne() throws Exception {
    TextLimit limit = limit();
    CountDownLatch first = new CountDownLatch(1);
    Thread encoding = new Thread(() -> limit.share(ALL - 10, () -> await(first)));
    encoding.start();
    awaitWaiting(encoding);

    assertThat(limit.<Boolean>share(10, () -> true)).isTrue();
    assertThat(limit.<Boolean>share(0, () -> true)).isTrue();
    first.countDown();
    encoding.join();
  }

  @Test
  void aFailureLeavesRoom() throws IOException {
    TextLimit limit = limit();
    for (int i = 0; i < 3; i++) {
      try {
        limit.share(
            ALL,
            () -> {
              throw new IllegalStateException("failed");
            });
      } catch (IllegalStateException e) {
        assertThat(e).hasMessage("failed");
      }
    }
    assertThat(limit.<Boolean>share(ALL, () -> true)).isTrue();
  }

  private static boolean await(CountDownLatch latch) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  private TextLimit limit() throws IOException {
    new TinyVocabulary().bytes().open(folder).close();
    return new TextLimit(TokenizerJson.read(folder.resolve("tokenizer.json"), 0));
  }
}
