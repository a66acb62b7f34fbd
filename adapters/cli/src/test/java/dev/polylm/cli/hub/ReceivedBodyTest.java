package dev.polylm.cli.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

class ReceivedBodyTest {
  private final ReceivedBody body = new ReceivedBody();
  private final Asked asked = new Asked();

  private static final class Asked implements Flow.Subscription {
    private long lists;
    private boolean cancelled;

    @Override
    public void request(long n) {
      lists += n;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Returns what one read gives. */
  private String read() throws IOException {
    byte[] buffer = new byte[4];
    int n = body.read(buffer, 0, buffer.length);
    return n < 0 ? "end" : new String(buffer, 0, n, StandardCharsets.US_ASCII);
  }

  @Test
  void givesAllThatCameBeforeABreak() throws IOException {
    body.onSubscribe(asked);
    body.onNext(List.of(bytes("abcdef"), bytes(""), bytes("g")));
    body.onError(new IOException("broken"));
    assertThat(read()).isEqualTo("abcd");
    assertThat(read()).isEqualTo("ef");
    assertThat(body.read()).isEqualTo('g');
    assertThatThrownBy(this::read).isInstanceOf(IOException.class).hasMessage("broken");
  }

  @Test
  void asksForMoreOnceItHasTakenWhatCame() throws IOException {
    body.onSubscribe(asked);
    assertThat(asked.lists).isEqualTo(1);
    body.onNext(List.of(bytes("ab")));
    assertThat(asked.lists).isEqualTo(1);
    assertThat(read()).isEqualTo("ab");
    assertThat(asked.lists).isEqualTo(2);
    body.onComplete();
    assertThat(read()).isEqualTo("end");
    assertThat(read()).isEqualTo("end");
  }

  @Test
  void aClosedBodyEndsTheAnswer() {
    body.onSubscribe(asked);
    body.onNext(List.of(bytes("ab")));
    body.close();
    assertThat(asked.cancelled).isTrue();
    assertThatThrownBy(this::read).isInstanceOf(IOException.class).hasMessageContaining("closed");
  }
}
