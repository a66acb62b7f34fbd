package dev.polylm.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.model.output.FinishReason;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PolyLmStreamingChatModelTest {
  private static final String CAPITAL = "What is the capital of Germany?";
  private static final String BERLIN = "Berlin is the capital of Germany.";

  private static PolyLm replies;
  private static PolyLmStreamingChatModel model;

  @BeforeAll
  static void open() {
    replies = PolyLm.open(Path.of(TestModels.replies()));
    model = PolyLmStreamingChatModel.builder().polyLm(replies).build();
  }

  @AfterAll
  static void close() {
    model.close();
    replies.close(); // waits for what was cancelled
  }

  @Test
  void thePiecesAreTheText() {
    Heard heard = new Heard();
    model.chat(CAPITAL, heard);
    ChatResponse response = heard.chatResponse();
    assertThat(heard.text()).isEqualTo(BERLIN).isEqualTo(response.aiMessage().text());
    assertThat(heard.pieces)
        .hasSizeBetween(2, response.tokenUsage().outputTokenCount())
        .doesNotContain("");
    assertThat(heard.threads).hasSize(1).doesNotContain(Thread.currentThread());
    assertThat(((PolyLmChatResponseMetadata) response.metadata()).timings().firstToken())
        .isPositive();
  }

  @Test
  void beamsAreOnePiece() {
    Heard heard = new Heard();
    model.chat(request(PolyLmChatRequestParameters.builder().numBeams(3).build(), CAPITAL), heard);
    assertThat(heard.chatResponse().aiMessage().text()).isEqualTo(BERLIN);
    assertThat(heard.pieces).containsExactly(BERLIN);
  }

  @Test
  void anotherThreadCancels() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(1);
    Heard heard = new Heard(handle -> await(cancelled));
    model.chat(endless(), heard);
    StreamingHandle handle = heard.handle.get();
    assertThat(handle.isCancelled()).isFalse();
    handle.cancel();
    handle.cancel();
    cancelled.countDown();
    heard.threads.iterator().next().join();
    assertThat(handle.isCancelled()).isTrue();
    assertThat(heard.pieces).hasSize(1);
    assertThat(heard.ended()).isFalse();
  }

  @Test
  void nothingIsHeardAfterACancelThatThrows() throws Exception {
    Heard heard =
        new Heard(
            handle -> {
              handle.cancel();
              throw new IllegalStateException("after the cancel");
            });
    model.chat(endless(), heard);
    heard.handle.get();
    heard.threads.iterator().next().join();
    assertThat(heard.pieces).hasSize(1);
    assertThat(heard.ended()).isFalse();
  }

  /** An error is no failure of one piece: the generation ends with its thread. */
  @Test
  void anErrorOfTheHandlerEndsTheGeneration() throws Exception {
    Heard heard =
        new Heard(
            handle -> {
              Thread.currentThread().setUncaughtExceptionHandler((thread, error) -> {});
              throw new AssertionError("of the handler");
            });
    model.chat(endless(), heard);
    heard.handle.get();
    heard.threads.iterator().next().join();
    assertThat(heard.pieces).hasSize(1);
  }

  @Test
  void anInterruptEndsTheAnswer() {
    Heard heard = new Heard(handle -> Thread.currentThread().interrupt());
    model.chat(endless(), heard);
    assertThat(heard.chatResponse().finishReason()).isEqualTo(FinishReason.OTHER);
    assertThat(heard.chatResponse().aiMessage().text()).startsWith(heard.text());
  }

  @Test
  void theHandlerHearsWhatIsWrong() {
    assertHears(
        request(PolyLmChatRequestParameters.builder().topLogprobs(1).build(), CAPITAL),
        InvalidRequestException.class,
        "top_logprobs is 1, which needs output_logprobs to be true");
    assertHears(
        ChatRequest.builder().messages(UserMessage.from(CAPITAL)).modelName("other").build(),
        ModelNotFoundException.class,
        "model \"other\" is unknown, expected one of polylm-replies");
    assertHears(
        request(PolyLmChatRequestParameters.EMPTY, "a ".repeat(600)),
        InvalidRequestException.class,
        "prompt has 608 tokens, must be fewer than the model's context of 512");
  }

  @Test
  void theHandlerHearsThatTheModelIsClosed() {
    PolyLmStreamingChatModel closed = PolyLmStreamingChatModel.builder().polyLm(replies).build();
    closed.close();
    Heard heard = new Heard();
    closed.chat(CAPITAL, heard);
    assertThatThrownBy(heard::chatResponse)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOf(PolyLmException.class)
        .hasMessage("the model is closed");
  }

  @Test
  void manyAnswersAtOnce() {
    List<Heard> all = IntStream.range(0, 16).mapToObj(i -> new Heard()).toList();
    all.forEach(heard -> model.chat(CAPITAL, heard));
    assertThat(all)
        .allSatisfy(
            heard -> {
              heard.chatResponse();
              assertThat(heard.text()).isEqualTo(BERLIN);
            });
  }

  private static void assertHears(
      ChatRequest request, Class<? extends Throwable> type, String message) {
    Heard heard = new Heard();
    model.chat(request, heard);
    assertThatThrownBy(heard::chatResponse)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isExactlyInstanceOf(type)
        .hasMessage(message);
    assertThat(heard.pieces).isEmpty();
    assertThat(heard.threads).hasSize(1).doesNotContain(Thread.currentThread());
  }

  private static ChatRequest endless() {
    return request(
        PolyLmChatRequestParameters.builder().minNewTokens(450).maxOutputTokens(450).build(),
        CAPITAL);
  }

  private static ChatRequest request(PolyLmChatRequestParameters parameters, String message) {
    return ChatRequest.builder().messages(UserMessage.from(message)).parameters(parameters).build();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
