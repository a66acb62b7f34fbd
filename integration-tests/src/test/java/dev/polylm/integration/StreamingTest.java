package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Answers on threads of their own: handles, streams, publishers, and their cancellation. */
final class StreamingTest {
  private static final GenerationRequest REQUEST =
      GenerationRequest.ofPrompt(
          "Beijing is the capital of China.\nTranslate this sentence from English to German.");
  private static final String ANSWER = "\nPeking ist die Hauptstadt von China.";
  private static PolyLm polyLm;

  @BeforeAll
  static void open() {
    polyLm = PolyLm.openEmbedded();
  }

  @AfterAll
  static void close() {
    polyLm.close();
  }

  @Test
  void aHandleGivesTheResult() {
    GenerationHandle handle = polyLm.start(REQUEST);
    assertThat(handle.result().text()).isEqualTo(ANSWER);
    assertThat(handle.toCompletableFuture().join().text()).isEqualTo(ANSWER);
    handle.cancel();
    assertThat(handle.result().sequences().get(0).finishReason())
        .isEqualTo(FinishReason.STOP_TOKEN);
  }

  @Test
  void aHandleThrowsWhatTheGenerationHasThrown() {
    GenerationHandle failing = polyLm.start(GenerationRequest.ofIds(9999));
    assertThatThrownBy(failing::result)
        .isInstanceOf(PolyLmException.class)
        .hasMessage("id 9999 at position 0 is out of range, expected 0 to 8191");
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    failing.whenComplete((result, thrown) -> failure.complete(thrown));
    assertThat(failure.join())
        .isInstanceOf(PolyLmException.class)
        .hasMessage("id 9999 at position 0 is out of range, expected 0 to 8191");
    PolyLm closed = PolyLm.openEmbedded();
    closed.close();
    assertThatThrownBy(() -> closed.start(REQUEST).result()).hasMessage("the model is closed");
    assertThatThrownBy(() -> closed.stream(REQUEST).pieces().toList())
        .hasMessage("the model is closed");
  }

  @Test
  void aGenerationIsCancelledAtEveryStep() {
    int steps = polyLm.generate(REQUEST).sequences().get(0).ids().length;
    int[] all = polyLm.generate(REQUEST).sequences().get(0).ids();
    for (int step = 1; step < steps - 1; step++) {
      int cancelAt = step;
      CompletableFuture<GenerationHandle> self = new CompletableFuture<>();
      List<String> pieces = new ArrayList<>();
      GenerationHandle handle =
          polyLm.start(
              REQUEST.withTextListener(
                  piece -> {
                    pieces.add(piece);
                    if (pieces.size() == cancelAt) {
                      self.join().cancel();
                    }
                  }));
      self.complete(handle);
      GenerationResult result = handle.result();
      int[] ids = result.sequences().get(0).ids();
      assertThat(ids).hasSizeLessThanOrEqualTo(all.length).isEqualTo(prefix(all, ids.length));
      assertThat(String.join("", pieces)).isEqualTo(result.text());
      assertThat(ANSWER).startsWith(result.text());
      if (pieces.size() == cancelAt && ids.length < all.length) {
        assertThat(result.sequences().get(0).finishReason()).isEqualTo(FinishReason.CANCELLED);
      }
    }
  }

  private static int[] prefix(int[] ids, int length) {
    return Arrays.copyOf(ids, length);
  }

  @Test
  void aGenerationIsCancelledBeforeItsFirstId() {
    int[] prompt = new int[500];
    Arrays.setAll(prompt, i -> 300 + i);
    for (int beams : new int[] {1, 3}) {
      GenerationHandle handle =
          polyLm.start(
              GenerationRequest.ofIds(prompt)
                  .withConfig(GenerationConfig.builder().numBeams(beams).build()));
      handle.cancel();
      assertThat(handle.result().sequences().get(0).finishReason())
          .isIn(FinishReason.CANCELLED, FinishReason.STOP_TOKEN, FinishReason.LENGTH);
    }
  }

  @Test
  void anInterruptOfTheWaitingThreadCancels() {
    CompletableFuture<Thread> waiting = CompletableFuture.completedFuture(Thread.currentThread());
    GenerationHandle handle =
        polyLm.start(REQUEST.withTextListener(piece -> waiting.join().interrupt()));
    GenerationResult result = handle.result();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(ANSWER).startsWith(result.text());
  }

  @Test
  void aStreamGivesTheTextAndItsCloseCancels() {
    try (Stream<String> pieces = polyLm.stream(REQUEST).pieces()) {
      List<String> all = pieces.toList();
      assertThat(all).hasSizeGreaterThan(5).doesNotContain("");
      assertThat(String.join("", all)).isEqualTo(ANSWER);
    }
    GenerationRequest endless =
        REQUEST.withConfig(
            GenerationConfig.builder().maxNewTokens(400).eosTokenId(List.of(8191)).build());
    Stream<String> cut = polyLm.stream(endless).pieces();
    Iterator<String> iterator = cut.iterator();
    assertThat(iterator.next()).isNotEmpty();
    cut.close();
    StringBuilder rest = new StringBuilder();
    iterator.forEachRemaining(rest::append);
    assertThat(rest.length()).isLessThan(polyLm.generate(endless).text().length());
  }

  /** Asks for pieces one by one, and notes every signal. */
  private static class OneByOne implements Flow.Subscriber<String> {
    final StringBuilder text = new StringBuilder();
    final CompletableFuture<String> ended = new CompletableFuture<>();
    Flow.Subscription subscription = new NoSubscription();

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
      subscription = newSubscription;
      subscription.request(1);
    }

    @Override
    public void onNext(String piece) {
      text.append(piece);
      subscription.request(1);
    }

    @Override
    public void onError(Throwable failure) {
      ended.complete(failure.getMessage());
    }

    @Override
    public void onComplete() {
      ended.complete("complete");
    }
  }

  private static final class NoSubscription implements Flow.Subscription {
    @Override
    public void request(long n) {}

    @Override
    public void cancel() {}
  }

  @Test
  void aPublisherGivesWhatIsAskedForToEachSubscriber() {
    Flow.Publisher<String> publisher = polyLm.publisher(REQUEST);
    List<OneByOne> subscribers =
        Stream.generate(OneByOne::new).limit(4).collect(Collectors.toList());
    subscribers.forEach(publisher::subscribe);
    for (OneByOne subscriber : subscribers) {
      assertThat(subscriber.ended.join()).isEqualTo("complete");
      assertThat(subscriber.text).hasToString(ANSWER);
    }
  }

  @Test
  void aSubscriberThatAsksForNothingOrLessIsToldSo() {
    OneByOne subscriber =
        new OneByOne() {
          @Override
          public void onSubscribe(Flow.Subscription newSubscription) {
            newSubscription.request(0);
          }
        };
    polyLm.publisher(REQUEST).subscribe(subscriber);
    assertThat(subscriber.ended.join()).isEqualTo("requested 0 pieces, must be above 0");
    assertThat(subscriber.text).isEmpty();
  }

  @Test
  void aCancelledSubscriptionHearsNoMore() {
    CompletableFuture<Void> cancelled = new CompletableFuture<>();
    OneByOne subscriber =
        new OneByOne() {
          @Override
          public void onNext(String piece) {
            text.append(piece);
            subscription.cancel();
            subscription.request(5);
            cancelled.complete(null);
          }
        };
    polyLm.publisher(REQUEST).subscribe(subscriber);
    cancelled.join();
    assertThat(polyLm.generate(REQUEST).text()).startsWith(subscriber.text.toString());
    assertThat(subscriber.ended).isNotCompleted();
  }

  @Test
  void whatIsWrongWithARequestReachesTheSubscriber() {
    OneByOne subscriber = new OneByOne();
    polyLm.publisher(GenerationRequest.ofPrompt("")).subscribe(subscriber);
    assertThat(subscriber.ended.join()).isEqualTo("prompt is empty, must have at least one token");
  }

  @Test
  void whatContradictsTheModelsSettingsReachesTheOneWhoWaits() {
    GenerationRequest request =
        REQUEST.withConfig(GenerationConfig.builder().temperature(0.5).build());
    String message =
        "temperature is 0.5, but do_sample is false; set do_sample to true or leave temperature out";
    GenerationHandle handle = polyLm.start(request);
    assertThatThrownBy(handle::result).isInstanceOf(PolyLmException.class).hasMessage(message);
    try (Stream<String> pieces = polyLm.stream(request).pieces()) {
      assertThatThrownBy(pieces::toList).hasMessage(message);
    }
    OneByOne subscriber = new OneByOne();
    polyLm.publisher(request).subscribe(subscriber);
    assertThat(subscriber.ended.join()).isEqualTo(message);
  }

  @Test
  void aListenerBesideAStreamIsRefused() {
    GenerationRequest request = REQUEST.withTextListener(piece -> {});
    assertThatThrownBy(() -> polyLm.stream(request))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("the request has a text listener, and a stream has its own; must have none");
    assertThatThrownBy(() -> polyLm.publisher(request))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("the request has a text listener, and a publisher has its own; must have none");
  }
}
