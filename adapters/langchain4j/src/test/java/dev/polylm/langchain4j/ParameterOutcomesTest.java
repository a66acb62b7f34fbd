package dev.polylm.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.polylm.PolyLm;
import dev.polylm.generation.EarlyStopping;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each parameter of a request changes what comes back, from both chat models alike. */
class ParameterOutcomesTest {
  private static final List<String> REQUESTS =
      List.of(
          "Germany\nTranslate this sentence from English to French.",
          "Saturday\nTranslate this sentence from English to Turkish.",
          "smiling face\nTranslate this sentence from English to German.",
          "United Kingdom\nTranslate this sentence from English to Polish.");

  private static PolyLm tiny;
  private static PolyLmChatModel model;
  private static PolyLmStreamingChatModel streaming;

  @BeforeAll
  static void open() {
    tiny = PolyLm.openEmbedded();
    model = PolyLmChatModel.builder().polyLm(tiny).build();
    streaming = PolyLmStreamingChatModel.builder().polyLm(tiny).build();
  }

  @AfterAll
  static void close() {
    model.close();
    streaming.close();
    tiny.close();
  }

  /** A parameter, and the request without it and with it. */
  record Change(
      String name, PolyLmChatRequestParameters without, PolyLmChatRequestParameters with) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static PolyLmChatRequestParameters.Builder greedy() {
    PolyLmChatRequestParameters.Builder builder = PolyLmChatRequestParameters.builder();
    builder.maxOutputTokens(16);
    return builder;
  }

  private static PolyLmChatRequestParameters hot(PolyLmChatRequestParameters more) {
    PolyLmChatRequestParameters.Builder builder = greedy().seed(7L).minNewTokens(16);
    builder.temperature(1.5);
    return builder.build().overrideWith(more);
  }

  private static Change ofHot(String name, PolyLmChatRequestParameters more) {
    return new Change(name, hot(PolyLmChatRequestParameters.EMPTY), hot(more));
  }

  private static PolyLmChatRequestParameters.Builder only() {
    return PolyLmChatRequestParameters.builder();
  }

  private static Change ofBeams(String name, PolyLmChatRequestParameters more) {
    PolyLmChatRequestParameters beams = greedy().numBeams(4).build();
    return new Change(name, beams, beams.overrideWith(more));
  }

  private static Change ofGreedy(String name, PolyLmChatRequestParameters more) {
    return new Change(name, greedy().build(), greedy().build().overrideWith(more));
  }

  private static Change ofLong(String name, PolyLmChatRequestParameters more) {
    PolyLmChatRequestParameters longer = greedy().minNewTokens(16).build();
    return new Change(name, longer, longer.overrideWith(more));
  }

  static List<Change> changes() {
    return List.of(
        ofHot("temperature", only().temperature(3.0).build()),
        ofHot("topP", only().topP(0.3).build()),
        ofHot("topK", only().topK(2).build()),
        ofHot("minP", only().minP(0.5).build()),
        ofHot("typicalP", only().typicalP(0.2).build()),
        ofHot("seed", only().seed(8L).build()),
        ofHot("frequencyPenalty", only().frequencyPenalty(2.0).build()),
        ofHot("presencePenalty", only().presencePenalty(2.0).build()),
        ofLong("repetitionPenalty", only().repetitionPenalty(3.0).build()),
        ofGreedy("logitBias", only().logitBias(Map.of(300, 100.0)).build()),
        ofGreedy("maxOutputTokens", only().maxOutputTokens(1).build()),
        ofGreedy("minNewTokens", only().minNewTokens(12).build()),
        ofGreedy("stopSequences", only().stopSequences(List.of("e")).build()),
        ofLong("noRepeatNgramSize", only().noRepeatNgramSize(1).build()),
        ofGreedy("numBeams", only().numBeams(8).build()),
        ofBeams("lengthPenalty", only().lengthPenalty(-10.0).build()),
        ofBeams("earlyStopping", only().earlyStopping(EarlyStopping.TRUE).build()));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void changesTheText(Change change) {
    List<String> without = answers(change.without());
    List<String> with = answers(change.with());
    assertThat(with).isNotEqualTo(without);
    assertThat(streamed(change.with())).isEqualTo(with); // so the change is not by chance
  }

  private static List<String> answers(PolyLmChatRequestParameters parameters) {
    return REQUESTS.stream()
        .map(text -> model.chat(request(text, parameters)).aiMessage().text())
        .toList();
  }

  private static List<String> streamed(PolyLmChatRequestParameters parameters) {
    List<String> texts = new ArrayList<>();
    for (String text : REQUESTS) {
      Heard heard = new Heard();
      streaming.chat(request(text, parameters), heard);
      texts.add(heard.chatResponse().aiMessage().text());
      assertThat(heard.text()).isEqualTo(texts.get(texts.size() - 1));
    }
    return texts;
  }

  private static ChatRequest request(String text, PolyLmChatRequestParameters parameters) {
    return ChatRequest.builder().messages(UserMessage.from(text)).parameters(parameters).build();
  }
}
