package dev.polylm.jakarta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import dev.polylm.jakarta.server.CapturedLog;
import dev.polylm.jakarta.server.Client;
import dev.polylm.scoring.Score;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Completions on any server. */
abstract class CompletionContract extends ServerContract {
  private static final String COMPLETIONS = "v1/completions";
  private static final String PROMPT =
      "Beijing is the capital of China.\nTranslate this sentence from English to Chinese.";
  private static final String PROMPT_FIELD = "'prompt': '" + PROMPT.replace("\n", "\\n") + "'";

  private JsonNode complete(String fields) {
    HttpResponse<String> response = client().post(COMPLETIONS, "{" + fields + "}");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return Client.json(response.body());
  }

  private static List<String> texts(JsonNode body) {
    List<String> texts = new ArrayList<>();
    for (JsonNode choice : body.path("choices")) {
      assertThat(choice.path("index").asInt()).isEqualTo(texts.size());
      texts.add(choice.path("text").asText());
    }
    return texts;
  }

  @Test
  void completesAPrompt() {
    JsonNode body = complete(PROMPT_FIELD);
    assertThat(body.path("object").asText()).isEqualTo("text_completion");
    assertThat(body.path("choices").toString())
        .isEqualTo(
            "[{\"text\":\"\\n北京是中国的首都。\",\"index\":0,\"logprobs\":null,"
                + "\"finish_reason\":\"stop\"}]");
  }

  @Test
  void endsAtStopStringsAndLengths() {
    JsonNode stopped = complete(PROMPT_FIELD + ", 'stop': ['中国', 'x']").path("choices").path(0);
    assertThat(stopped.path("text").asText()).isEqualTo("\n北京是");
    assertThat(stopped.path("finish_reason").asText()).isEqualTo("stop");
    JsonNode body = complete(PROMPT_FIELD + ", 'max_tokens': 3");
    assertThat(body.path("choices").path(0).path("finish_reason").asText()).isEqualTo("length");
    assertThat(body.path("usage").path("completion_tokens").asInt()).isEqualTo(3);
  }

  /** As OpenAI's and vLLM's servers do it: text_offset tells where each token is in the text. */
  @Test
  void theTextContinuesThePrompt() {
    String fields = "'prompt': 'Beijing is', 'max_tokens': 6, 'logprobs': 0";
    String text = texts(complete(fields)).get(0);
    assertThat(text).startsWith(" ");
    JsonNode echoed = complete(fields + ", 'echo': true").path("choices").path(0);
    String whole = echoed.path("text").asText();
    assertThat(whole).isEqualTo("Beijing is" + text);
    JsonNode tokens = echoed.path("logprobs").path("tokens");
    JsonNode offsets = echoed.path("logprobs").path("text_offset");
    for (int i = 1; i < tokens.size(); i++) {
      assertThat(whole.substring(offsets.path(i).asInt())).startsWith(tokens.path(i).asText());
    }
    List<String> pieces =
        Client.data(client().post(COMPLETIONS, "{" + fields + ", 'stream': true}").body()).stream()
            .filter(data -> !data.equals("[DONE]"))
            .map(data -> Client.json(data).path("choices").path(0).path("text").asText())
            .toList();
    assertThat(String.join("", pieces)).isEqualTo(text);
  }

  @Test
  void anAnswerWithoutLimitHasTheSdksLimit() {
    JsonNode body = complete(PROMPT_FIELD + ", 'suppress_tokens': [2]");
    assertThat(body.path("choices").path(0).path("finish_reason").asText()).isEqualTo("length");
    assertThat(body.path("usage").path("completion_tokens").asInt())
        .isEqualTo(GenerationConfig.DEFAULT_MAX_NEW_TOKENS);
  }

  @Test
  void takesSeveralPromptsAndIds() {
    assertThat(
            texts(
                complete(
                    "'prompt': ['" + PROMPT.replace("\n", "\\n") + "', 'a'], 'max_tokens': 2")))
        .hasSize(2)
        .first()
        .isEqualTo("\n北");
    try (PolyLm polyLm = PolyLm.openEmbedded()) {
      String ids = Arrays.toString(polyLm.tokenizer().encodePrompt(PROMPT, false));
      assertThat(texts(complete("'prompt': " + ids))).containsExactly("\n北京是中国的首都。");
      assertThat(texts(complete("'prompt': [" + ids + ", " + ids + "], 'echo': true")))
          .containsExactly(PROMPT + "\n北京是中国的首都。", PROMPT + "\n北京是中国的首都。");
    }
  }

  @Test
  void givesWhatTheSdkGives() {
    try (PolyLm polyLm = PolyLm.openEmbedded()) {
      GenerationConfig config =
          GenerationConfig.builder()
              .doSample(true)
              .temperature(1.5)
              .topP(0.9)
              .topK(0)
              .seed(5)
              .maxNewTokens(16)
              .repetitionPenalty(1.1)
              .build();
      assertThat(
              texts(
                  complete(
                      PROMPT_FIELD
                          + ", 'max_tokens': 16, 'temperature': 1.5, 'top_p': 0.9, 'seed': 5,"
                          + " 'repetition_penalty': 1.1")))
          .containsExactly(generate(polyLm, config).text());
      GenerationConfig beams =
          GenerationConfig.builder().numBeams(4).numReturnSequences(3).maxNewTokens(16).build();
      List<String> expected =
          generate(polyLm, beams).sequences().stream().map(sequence -> sequence.text()).toList();
      assertThat(texts(complete(PROMPT_FIELD + ", 'max_tokens': 16, 'num_beams': 4, 'n': 3")))
          .isEqualTo(expected);
      assertThat(
              texts(
                  complete(
                      PROMPT_FIELD + ", 'max_tokens': 16, 'temperature': 0, 'best_of': 4, 'n': 3")))
          .isEqualTo(expected);
      GenerationConfig biased =
          GenerationConfig.builder().maxNewTokens(16).suppressTokens(List.of(2)).build();
      assertThat(texts(complete(PROMPT_FIELD + ", 'max_tokens': 16, 'suppress_tokens': [2]")))
          .containsExactly(generate(polyLm, biased).text());
    }
  }

  private static GenerationResult generate(PolyLm polyLm, GenerationConfig config) {
    return polyLm.generate(GenerationRequest.ofPrompt(PROMPT).withConfig(config));
  }

  @Test
  void drawsSeveralAnswersAndTheBestOfMore() {
    String drawn =
        PROMPT_FIELD + ", 'max_tokens': 16, 'temperature': 2, 'seed': 9, 'logprobs': 0, ";
    JsonNode all = complete(drawn + "'n': 6");
    JsonNode best = complete(drawn + "'n': 2, 'best_of': 6");
    assertThat(texts(all)).doesNotHaveDuplicates().hasSize(6);
    assertThat(texts(best)).hasSize(2).allMatch(texts(all)::contains);
    assertThat(best.path("usage").path("completion_tokens"))
        .isEqualTo(all.path("usage").path("completion_tokens"));
    assertThat(texts(complete(drawn + "'n': 6"))).isEqualTo(texts(all));
    double least = Double.MAX_VALUE;
    for (JsonNode choice : best.path("choices")) {
      least = Math.min(least, mean(choice));
    }
    int better = 0;
    for (JsonNode choice : all.path("choices")) {
      better += mean(choice) >= least - 1e-6 ? 1 : 0;
    }
    assertThat(better).isLessThan(6);
  }

  private static double mean(JsonNode choice) {
    double sum = 0;
    JsonNode logprobs = choice.path("logprobs").path("token_logprobs");
    for (JsonNode logprob : logprobs) {
      sum += logprob.asDouble();
    }
    return sum / logprobs.size();
  }

  @Test
  void givesLogprobs() {
    JsonNode logprobs =
        complete(PROMPT_FIELD + ", 'logprobs': 2, 'max_tokens': 3")
            .path("choices")
            .path(0)
            .path("logprobs");
    assertThat(logprobs.path("tokens").toString()).isEqualTo("[\"\\n\",\"北\",\"京\"]");
    assertThat(logprobs.path("text_offset").toString()).isEqualTo("[0,1,2]");
    for (int i = 0; i < 3; i++) {
      JsonNode top = logprobs.path("top_logprobs").path(i);
      assertThat(top).hasSize(2);
      assertThat(top.path(logprobs.path("tokens").path(i).asText()))
          .isEqualTo(logprobs.path("token_logprobs").path(i));
      assertThat(logprobs.path("token_logprobs").path(i).asDouble()).isBetween(-1.0, 0.0);
    }
  }

  private static void assertEntryForEachId(JsonNode choice, int ids) {
    JsonNode logprobs = choice.path("logprobs");
    for (String list : List.of("tokens", "token_logprobs", "top_logprobs", "text_offset")) {
      assertThat(logprobs.path(list)).as(list).hasSize(ids);
    }
    for (int i = 0; i < ids; i++) {
      JsonNode logprob = logprobs.path("token_logprobs").path(i);
      if (!logprob.isNull()) {
        assertThat(
                logprobs
                    .path("top_logprobs")
                    .path(i)
                    .path(logprobs.path("tokens").path(i).asText()))
            .isEqualTo(logprob);
      }
    }
  }

  /** As lm-evaluation-harness asks; the answer's only id is the one that ends it. */
  @Test
  void givesAnEntryForTheIdThatEndsAnAnswer() {
    String whole = PROMPT + "\n\u5317\u4eac\u662f\u4e2d\u56fd\u7684\u9996\u90fd\u3002";
    JsonNode body =
        complete(
            "'prompt': '%s', 'max_tokens': 1, 'temperature': 0, 'logprobs': 1, 'seed': 1234, 'echo': true"
                .formatted(whole.replace("\n", "\\n")));
    JsonNode choice = body.path("choices").path(0);
    assertThat(choice.path("finish_reason").asText()).isEqualTo("stop");
    assertThat(choice.path("text").asText()).isEqualTo(whole);
    int promptIds = body.path("usage").path("prompt_tokens").asInt();
    assertEntryForEachId(choice, promptIds + 1);
    JsonNode logprobs = choice.path("logprobs");
    assertThat(logprobs.path("tokens").path(promptIds).asText()).isEqualTo("</s>");
    assertThat(logprobs.path("text_offset").path(promptIds).asInt()).isEqualTo(whole.length());
  }

  @Test
  void givesAnEntryForEachIdWhateverIsDrawn() {
    for (int seed = 0; seed < 20; seed++) {
      JsonNode body =
          complete(
              PROMPT_FIELD
                  + ", 'temperature': 2, 'top_k': 0, 'logprobs': 5, 'echo': true, 'max_tokens': 30,"
                  + " 'seed': "
                  + seed);
      assertEntryForEachId(
          body.path("choices").path(0), body.path("usage").path("total_tokens").asInt());
    }
  }

  @Test
  void countsOffsetsInCharacters() {
    JsonNode choice =
        complete(
                "'prompt': '\ud83d\ude00\ud83d\ude00 a', 'max_tokens': 1, 'logprobs': 0, 'echo':"
                    + " true")
            .path("choices")
            .path(0);
    JsonNode logprobs = choice.path("logprobs");
    String text = choice.path("text").asText();
    int last = logprobs.path("tokens").size() - 1;
    String token = logprobs.path("tokens").path(last).asText();
    assertThat(logprobs.path("text_offset").path(last).asInt())
        .isEqualTo(text.codePointCount(0, text.length()) - token.codePointCount(0, token.length()));
  }

  @Test
  void readsAPromptOnceForItsLogprobsAndItsAnswer() {
    try (CapturedLog log = new CapturedLog()) {
      complete("'prompt': [5, 6, 7], 'max_tokens': 2, 'logprobs': 1, 'echo': true");
      assertThat(log.records()).filteredOn(record -> record.contains("prompt of ")).hasSize(1);
    }
  }

  @Test
  void givesLogprobsOfABeam() {
    JsonNode choice =
        complete(PROMPT_FIELD + ", 'num_beams': 3, 'logprobs': 2").path("choices").path(0);
    assertThat(choice.path("logprobs").path("top_logprobs").path(0)).hasSize(2);
    double sum = 0;
    JsonNode tokens = choice.path("logprobs").path("tokens");
    for (int i = 0; i < tokens.size(); i++) {
      if (!tokens.path(i).asText().equals("</s>")) {
        sum += choice.path("logprobs").path("token_logprobs").path(i).asDouble();
      }
    }
    try (PolyLm polyLm = PolyLm.openEmbedded()) {
      Score score = polyLm.score(PROMPT, choice.path("text").asText());
      assertThat(sum).isCloseTo(score.sum(), within(1e-3));
    }
  }

  @Test
  void scoresWhatIsEchoed() {
    String context = PROMPT.replace("\n", "\\n");
    try (PolyLm polyLm = PolyLm.openEmbedded()) {
      for (int maxTokens : new int[] {0, 1}) {
        JsonNode body =
            complete(
                "'prompt': '%s\\n北京是中国的首都。', 'max_tokens': %d, 'temperature': 0, 'logprobs': 1, 'echo': true"
                    .formatted(context, maxTokens));
        JsonNode logprobs = body.path("choices").path(0).path("logprobs");
        int contextLength = polyLm.tokenizer().encodePrompt(PROMPT, false).length;
        int end = polyLm.tokenizer().encodePrompt(PROMPT + "\n北京是中国的首都。", false).length;
        Score score = polyLm.score(PROMPT, "\n北京是中国的首都。");
        assertThat(logprobs.path("token_logprobs").path(0).isNull()).isTrue();
        double sum = 0;
        for (int i = contextLength; i < end; i++) {
          sum += logprobs.path("token_logprobs").path(i).asDouble();
          assertThat(logprobs.path("top_logprobs").path(i).fieldNames())
              .toIterable()
              .containsExactly(logprobs.path("tokens").path(i).asText());
        }
        assertThat(sum).isCloseTo(score.sum(), within(1e-4));
        assertThat(score.isGreedy()).isTrue();
        assertThat(logprobs.path("text_offset").path(contextLength).asInt())
            .isEqualTo(PROMPT.length());
        assertThat(body.path("choices").path(0).path("text").asText())
            .isEqualTo(PROMPT + "\n北京是中国的首都。");
        assertThat(body.path("usage").path("completion_tokens").asInt()).isEqualTo(maxTokens);
      }
    }
  }

  /** 512 ids are the model's context. */
  @ParameterizedTest
  @ValueSource(ints = {2, 511, 512})
  void scoresPromptsWithoutAnAnswer(int length) {
    String ids = "5, ".repeat(length - 1) + 7;
    String fields =
        "'prompt': [[%s], [9]], 'max_tokens': 0, 'logprobs': 0, 'echo': true".formatted(ids);
    JsonNode body = complete(fields);
    JsonNode choice = body.path("choices").path(0);
    assertThat(choice.path("logprobs").path("token_logprobs")).hasSize(length);
    assertThat(body.path("choices").path(1).path("logprobs").path("tokens")).hasSize(1);
    assertThat(body.path("usage").path("completion_tokens").asInt()).isZero();
    HttpResponse<String> stream = client().post(COMPLETIONS, "{" + fields + ", 'stream': true}");
    List<String> data = Client.data(stream.body());
    StringBuilder text = new StringBuilder();
    for (String item : data.subList(0, data.size() - 1)) {
      JsonNode chunk = Client.json(item).path("choices").path(0);
      text.append(chunk.path("index").asInt() == 0 ? chunk.path("text").asText() : "");
    }
    assertThat(text).hasToString(choice.path("text").asText());
  }

  @Test
  void streamsTexts() {
    HttpResponse<String> response =
        client()
            .post(
                COMPLETIONS,
                "{"
                    + PROMPT_FIELD
                    + ", 'stream': true, 'echo': true, 'n': 2, 'temperature': 0.01}");
    List<String> data = Client.data(response.body());
    assertThat(data).last().isEqualTo("[DONE]");
    StringBuilder[] texts = {new StringBuilder(), new StringBuilder()};
    List<String> reasons = new ArrayList<>();
    for (String item : data.subList(0, data.size() - 1)) {
      JsonNode choice = Client.json(item).path("choices").path(0);
      texts[choice.path("index").asInt()].append(choice.path("text").asText());
      if (!choice.path("finish_reason").isNull()) {
        reasons.add(choice.path("finish_reason").asText());
      }
    }
    assertThat(texts[0]).hasToString(PROMPT + "\n北京是中国的首都。");
    assertThat(texts[1]).hasToString(PROMPT + "\n北京是中国的首都。");
    assertThat(reasons).containsExactly("stop", "stop");
  }
}
