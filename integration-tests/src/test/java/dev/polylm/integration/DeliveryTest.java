package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.QueueFullException;
import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import dev.polylm.generation.GenerationStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The views of one generation, whose threads they use, and batches. */
@Timeout(120)
final class DeliveryTest {
  private static final GenerationRequest REQUEST =
      GenerationRequest.ofPrompt(
          "Beijing is the capital of China.\nTranslate this sentence from English to German.");
  private static final String ANSWER = "\nPeking ist die Hauptstadt von China.";
  private static final GenerationConfig LONG =
      GenerationConfig.builder().maxNewTokens(400).minNewTokens(400).build();
  private static PolyLm polyLm;

  @BeforeAll
  static void open() {
    polyLm = PolyLm.openEmbedded();
  }

  @AfterAll
  static void close() {
    polyLm.close();
  }

  /** Holds up the engine's thread from the second id of a request on. */
  private static final class Gate {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);

    GenerationRequest holdUp(GenerationRequest request) {
      return request
          .withConfig(LONG)
          .withProcessors(
              chain ->
                  chain.custom(
                      (ids, logits) -> {
                        if (reached.getCount() == 0) {
                          await(opened);
                        }
                        reached.countDown();
                      }));
    }

    void awaitReached() {
      await(reached);
    }

    void open() {
      opened.countDown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aStreamHasTheResultWhenItsTextHasEnded() {
    GenerationResult expected = polyLm.generate(REQUEST);
    List<String> pieces = new ArrayList<>();
    try (GenerationStream stream = polyLm.stream(REQUEST)) {
      for (String piece : stream) {
        pieces.add(piece);
      }
      assertThat(String.join("", pieces)).isEqualTo(ANSWER).isEqualTo(stream.result().text());
      assertThat(stream.result().sequences().get(0).ids())
          .isEqualTo(expected.sequences().get(0).ids());
      assertThat(stream.result().timings().steps()).isEqualTo(expected.newTokens() - 1);
      Iterator<String> ended = stream.iterator();
      assertThat(ended.hasNext()).isFalse();
      assertThatThrownBy(ended::next).isInstanceOf(NoSuchElementException.class);
    }
  }

  @Test
  void aStreamHasTheResultThoughNobodyReadsIt() {
    try (GenerationStream stream = polyLm.stream(REQUEST)) {
      assertThat(stream.result().text()).isEqualTo(ANSWER);
      assertThat(stream.pieces().collect(Collectors.joining())).isEqualTo(ANSWER);
    }
  }

  @Test
  void aCancelledStreamHasWhatThereWas() {
    GenerationStream stream = polyLm.stream(REQUEST.withConfig(LONG));
    String first = stream.iterator().next();
    stream.cancel();
    GeneratedSequence sequence = stream.result().sequences().get(0);
    assertThat(sequence.finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(sequence.ids()).hasSizeBetween(1, 399);
    assertThat(first + stream.pieces().collect(Collectors.joining())).isEqualTo(sequence.text());
  }

  @Test
  void anInterruptedCallIsNoEmptyAnswer() {
    Thread.currentThread().interrupt();
    GenerationResult interrupted = polyLm.generate(REQUEST);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(interrupted.sequences().get(0).finishReason()).isEqualTo(FinishReason.CANCELLED);
    int[] ids = polyLm.generate(REQUEST).sequences().get(0).ids();
    int eos = ids[ids.length - 1];
    GenerationResult empty =
        polyLm.generate(
            REQUEST.withProcessors(chain -> chain.custom((before, logits) -> logits[eos] = 1e9f)));
    assertThat(empty.text()).isEmpty();
    assertThat(empty.sequences().get(0).finishReason()).isEqualTo(FinishReason.STOP_TOKEN);
  }

  @Test
  void whatDependsOnAHandleMayAskTheModelAndWait() {
    GenerationHandle handle = polyLm.start(REQUEST);
    CountDownLatch others = new CountDownLatch(1);
    CompletableFuture<String> asked =
        handle
            .thenApply(
                result -> {
                  await(others); // which stalls nobody
                  return polyLm.generate(REQUEST).text();
                })
            .toCompletableFuture();
    assertThat(polyLm.generate(REQUEST).text()).isEqualTo(ANSWER);
    others.countDown();
    assertThat(asked.join()).isEqualTo(ANSWER);
  }

  @Test
  void aHandleIsCancelledAsAFutureToo() {
    GenerationHandle handle = polyLm.start(REQUEST.withConfig(LONG));
    CompletableFuture<GenerationResult> future = handle.toCompletableFuture();
    assertThat(future.cancel(true)).isTrue();
    assertThatThrownBy(future::join).isInstanceOf(CancellationException.class);
    assertThat(handle.result().sequences().get(0).finishReason()).isEqualTo(FinishReason.CANCELLED);
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("polylm"))
        .collect(Collectors.toSet());
  }

  @Test
  void requestsHaveNoThreads() {
    Gate gate = new Gate();
    Set<Thread> before = threads();
    List<GenerationHandle> handles = new ArrayList<>();
    List<GenerationStream> streams = new ArrayList<>();
    try (PolyLm fresh = PolyLm.openEmbedded()) {
      handles.add(fresh.start(gate.holdUp(REQUEST)));
      for (int i = 0; i < 20; i++) {
        handles.add(fresh.start(REQUEST));
        handles.add(fresh.start(REQUEST.withTextListener(piece -> {})));
        streams.add(fresh.stream(REQUEST));
        fresh.publisher(REQUEST).subscribe(new Slow());
      }
      gate.awaitReached();
      Set<Thread> during = threads();
      during.removeAll(before);
      assertThat(during)
          .extracting(Thread::getName)
          .filteredOn(name -> !name.equals("polylm-caller")) // those of listeners, for a moment
          .containsExactly("polylm-engine");
      gate.open();
      handles.get(0).cancel();
      assertThat(streams)
          .allSatisfy(stream -> assertThat(stream.result().text()).isEqualTo(ANSWER));
      assertThat(handles.subList(1, handles.size()))
          .allSatisfy(handle -> assertThat(handle.result().text()).isEqualTo(ANSWER));
    }
  }

  /** Asks for nothing. */
  private static final class Slow implements Flow.Subscriber<String> {
    private final CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();
    private final List<String> heard = Collections.synchronizedList(new ArrayList<>());
    private final CompletableFuture<Void> completed = new CompletableFuture<>();

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscribed.complete(subscription);
    }

    @Override
    public void onNext(String piece) {
      heard.add(piece);
    }

    @Override
    public void onError(Throwable failure) {
      completed.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      completed.complete(null);
    }
  }

  @Test
  void aSubscriberThatAsksLateHearsAllThoughTheModelIsClosed() {
    Slow slow = new Slow();
    try (PolyLm closed = PolyLm.openEmbedded()) {
      closed.publisher(REQUEST).subscribe(slow);
    }
    assertThat(slow.heard).isEmpty();
    slow.subscribed.join().request(2);
    slow.subscribed.join().request(Long.MAX_VALUE);
    slow.completed.join();
    assertThat(String.join("", slow.heard)).isEqualTo(ANSWER);
  }

  @Test
  void aListenerOfAHandleIsServedBeforeCloseReturnsAndMayAskTheModel() {
    List<String> inside = Collections.synchronizedList(new ArrayList<>());
    List<String> pieces = Collections.synchronizedList(new ArrayList<>());
    PolyLm closing = PolyLm.openEmbedded();
    GenerationHandle handle =
        closing.start(
            REQUEST.withTextListener(
                piece -> {
                  pieces.add(piece);
                  inside.add(closing.generate(REQUEST).text());
                }));
    closing.close();
    assertThat(String.join("", pieces)).isEqualTo(ANSWER);
    assertThat(inside).hasSameSizeAs(pieces).containsOnly(ANSWER);
    assertThat(handle.result().text()).isEqualTo(ANSWER);
  }

  @Test
  void whatAListenerOfAHandleThrowsIsItsResult() {
    GenerationHandle handle =
        polyLm.start(
            REQUEST.withTextListener(
                piece -> {
                  throw new IllegalStateException("enough");
                }));
    assertThatThrownBy(handle::result)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("enough");
    GenerationHandle closer = polyLm.start(REQUEST.withTextListener(piece -> polyLm.close()));
    assertThatThrownBy(closer::result)
        .isInstanceOf(PolyLmException.class)
        .hasMessage("a listener can't close the model that calls it");
  }

  private static GenerationRequest translation(int index) {
    String language = List.of("German", "Chinese", "Thai", "Dutch").get(index % 4);
    return GenerationRequest.ofPrompt(
        "Beijing is the capital of China.\nTranslate this sentence from English to "
            + language
            + ".");
  }

  @Test
  void aBatchLongerThanTheQueueHasItsResultsInOrder() {
    PolyLmOptions options = PolyLmOptions.builder().queueCapacity(2).maxRows(2).build();
    try (PolyLm small = PolyLm.openEmbedded(options)) {
      List<GenerationRequest> requests =
          IntStream.range(0, 30).mapToObj(DeliveryTest::translation).toList();
      List<String> alone =
          requests.stream().limit(4).map(request -> polyLm.generate(request).text()).toList();
      List<GenerationResult> results = small.generateAll(requests);
      assertThat(results).hasSize(30);
      for (int i = 0; i < 30; i++) {
        assertThat(results.get(i).text()).isEqualTo(alone.get(i % 4));
      }
      assertThat(small.generateAll(List.of())).isEmpty();
    }
  }

  @Test
  void aBatchBesideAFullQueueIsRefused() {
    Gate gate = new Gate();
    PolyLmOptions options = PolyLmOptions.builder().queueCapacity(1).maxRows(1).build();
    try (PolyLm full = PolyLm.openEmbedded(options)) {
      GenerationHandle running = full.start(gate.holdUp(REQUEST));
      gate.awaitReached();
      GenerationHandle waiting = full.start(REQUEST);
      assertThatThrownBy(() -> full.generateAll(List.of(REQUEST)))
          .isInstanceOf(QueueFullException.class);
      gate.open();
      running.cancel();
      assertThat(waiting.result().text()).isEqualTo(ANSWER);
    }
  }

  @Test
  void whatIsWrongInABatchCancelsTheRest() {
    Gate gate = new Gate();
    gate.open();
    GenerationRequest failing =
        REQUEST.withProcessors(
            chain ->
                chain.custom(
                    (ids, logits) -> {
                      throw new IllegalStateException("no id");
                    }));
    try (PolyLm batch = PolyLm.openEmbedded()) {
      assertThatThrownBy(
              () -> batch.generateAll(List.of(failing, gate.holdUp(REQUEST), translation(1))))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("no id");
      assertThatThrownBy(
              () ->
                  batch.generateAll(
                      List.of(gate.holdUp(REQUEST), GenerationRequest.ofIds(9999), failing)))
          .isInstanceOf(PolyLmException.class)
          .hasMessage("id 9999 at position 0 is out of range, expected 0 to 8191");
      assertThatThrownBy(() -> batch.generateAll(List.of(REQUEST.withTextListener(piece -> {}))))
          .isInstanceOf(PolyLmException.class)
          .hasMessage("a request of a batch has a text listener, must have none");
      assertThat(batch.generate(REQUEST).text()).isEqualTo(ANSWER);
    }
  }

  @Test
  void anInterruptEndsABatch() {
    Thread caller = Thread.currentThread();
    GenerationRequest interrupting =
        REQUEST
            .withConfig(LONG)
            .withProcessors(chain -> chain.custom((ids, logits) -> caller.interrupt()));
    List<GenerationResult> results =
        polyLm.generateAll(List.of(translation(0), interrupting, interrupting));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(results.get(1).sequences().get(0).finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(results.get(2).sequences().get(0).finishReason()).isEqualTo(FinishReason.CANCELLED);
  }
}
