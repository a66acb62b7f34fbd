package dev.polylm.jakartachat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A request whose answer is always the same.
 *
 * @param path below the application's
 * @param json its body
 * @param streamed whether its answer comes in events
 */
record LoadRequest(String path, String json, boolean streamed) {
  private static final List<String> PLACES = List.of("Beijing", "Paris", "Berlin", "Rome", "Tokyo");
  private static final List<String> LANGUAGES = List.of("Chinese", "German", "Hebrew", "Spanish");

  /**
   * Translations and completions, greedy, drawn, of several answers and by beams; half streamed.
   */
  static List<LoadRequest> all() {
    List<LoadRequest> all = new ArrayList<>();
    for (String place : PLACES) {
      for (String language : LANGUAGES) {
        all.add(chat(place, language, all.size() % 2 == 0));
      }
      all.add(completion(place, "'max_tokens': 64, 'temperature': 1, 'seed': 7", true));
      all.add(completion(place, "'max_tokens': 24, 'temperature': 1, 'seed': 1, 'n': 3", false));
      all.add(completion(place, "'max_tokens': 64, 'suppress_tokens': [2]", true));
      all.add(completion(place, "'max_tokens': 16, 'num_beams': 4", false));
    }
    return all;
  }

  private static LoadRequest chat(String place, String language, boolean streamed) {
    return of(
        "v1/chat/completions",
        "'messages': [{'role': 'user', 'content': '%s is the capital of China.\\nTranslate this sentence from English to %s.'}]"
            .formatted(place, language),
        streamed);
  }

  private static LoadRequest completion(String place, String settings, boolean streamed) {
    return of("v1/completions", "'prompt': '%s', %s".formatted(place, settings), streamed);
  }

  private static LoadRequest of(String path, String fields, boolean streamed) {
    String json = "{%s, 'stream': %s}".formatted(fields, streamed);
    return new LoadRequest(path, json.replace('\'', '"'), streamed);
  }

  /**
   * Makes the request.
   *
   * @return the texts, reasons and counts of the answer, or nothing where it is refused since too
   *     many are under way
   * @throws IllegalStateException where the answer is neither
   */
  Optional<String> ask(Api api) {
    HttpResponse<String> response = api.post(path, json);
    String body = response.body();
    if (response.statusCode() == 429
        && response.headers().firstValue("Retry-After").orElse("").equals("1")
        && body.contains("requests are in progress, which is the limit: try again later.")) {
      return Optional.empty();
    }
    if (response.statusCode() != 200 || (streamed && !body.strip().endsWith("data: [DONE]"))) {
      throw new IllegalStateException(response.statusCode() + " " + body);
    }
    return Optional.of(streamed ? streamedAnswer(body) : Api.tree(body).get("choices").toString());
  }

  private static String streamedAnswer(String body) {
    StringBuilder answer = new StringBuilder();
    for (String data : Api.data(body)) {
      if (!data.equals("[DONE]")) {
        JsonNode choice = Api.tree(data).at("/choices/0");
        answer.append(choice.at("/delta/content").asText()).append(choice.at("/text").asText());
        answer.append(choice.get("finish_reason").asText().replace("null", ""));
      }
    }
    return answer.toString();
  }
}
