package dev.polylm.jakarta.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.jakarta.openai.ApiException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BodyMemoryTest {
  private static final int LONG_BODY = 1_000_000;

  /** Room for the content of two bodies of a megabyte. */
  private final BodyMemory memory = new BodyMemory(512L << 20);

  private BodyMemory.Share arrived(int bytes) {
    BodyMemory.Share share = memory.share();
    share.arrived(bytes);
    return share;
  }

  private static void assertRefused(BodyMemory.Share share) {
    assertThatThrownBy(() -> share.awaitRoom(Duration.ZERO))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.status()).isEqualTo(503))
        .hasMessage(
            "Too many long requests are in progress for the server's memory: try again later.");
  }

  @Test
  void longBodiesWaitForRoomAndShortOnesDoNot() throws InterruptedException {
    BodyMemory.Share first = arrived(LONG_BODY);
    first.awaitRoom(Duration.ZERO);
    arrived(LONG_BODY).awaitRoom(Duration.ZERO);
    BodyMemory.Share third = arrived(LONG_BODY);
    assertRefused(third);
    arrived(4096).awaitRoom(Duration.ZERO);
    first.close();
    first.close();
    third.awaitRoom(Duration.ZERO);
    assertRefused(arrived(LONG_BODY));
  }

  @Test
  void aFinishedAnswerHoldsOnlyItsBytes() throws InterruptedException {
    BodyMemory.Share first = arrived(LONG_BODY);
    first.awaitRoom(Duration.ZERO);
    arrived(LONG_BODY).awaitRoom(Duration.ZERO);
    first.shrinkTo(20_000_000);
    assertRefused(arrived(LONG_BODY));
    first.shrinkTo(1000);
    arrived(LONG_BODY).awaitRoom(Duration.ZERO);
  }

  @Test
  void bodiesThatArriveTakeAnEighthOfTheHeap() {
    List<BodyMemory.Share> shares = new ArrayList<>();
    for (int i = 0; i < 67; i++) {
      shares.add(arrived(LONG_BODY));
    }
    BodyMemory.Share last = memory.share();
    assertThatThrownBy(() -> last.arrived(LONG_BODY)).hasMessageContaining("try again later");
    last.close();
    shares.get(0).close();
    arrived(LONG_BODY);
  }

  /** It may be longer than all room there is. */
  @Test
  void aBodyIsTakenWhenItIsAlone() throws InterruptedException {
    BodyMemory.Share share = arrived(60_000_000);
    share.awaitRoom(Duration.ZERO);
    assertRefused(arrived(5000));
  }
}
