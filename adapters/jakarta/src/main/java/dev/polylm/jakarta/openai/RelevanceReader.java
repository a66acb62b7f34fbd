package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.jakarta.config.PolyLmSettings;
import dev.polylm.jakarta.model.Models;
import dev.polylm.jakarta.model.ServedModel;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * Reads requests that ask how relevant texts are to a query: Jina's rerank and vLLM's score.
 *
 * <p>A score is the mean log-probability (natural logarithm) of the query's tokens after the text
 * and a line break, as in LangChain4j's scoring model. It is at most 0, and greater for a more
 * relevant text.
 */
@ApplicationScoped
public class RelevanceReader {
  private static final String DOCUMENTS = "documents";

  @Inject private PolyLmSettings settings;
  @Inject private Models models;

  private record Pair(String query, String document) {}

  private record Scores(List<Double> values, int tokens) {}

  /**
   * Reads a request that ranks documents.
   *
   * @param caller who asks, for a fair share of the model's rows
   * @throws ApiException if it is wrong
   */
  public ModelCall rerank(ObjectNode body, String caller) {
    Fields request = new Fields(body);
    ServedModel model = ModelNames.find(models, request.text("model"));
    PolyLm polyLm = ModelNames.open(model);
    String query = required(request, "query");
    List<String> documents = documents(request);
    int most = request.integer("top_n", 1, Integer.MAX_VALUE).orElse(documents.size());
    boolean withText = !request.has("return_documents") || request.flag("return_documents");
    List<Pair> pairs = documents.stream().map(document -> new Pair(query, document)).toList();
    check(polyLm, pairs, "query", DOCUMENTS);
    return new ModelCall(
        DOCUMENTS,
        () -> {
          Scores scores = scores(model, polyLm, caller, pairs, DOCUMENTS);
          return ranking(model.id(), scores, documents, most, withText);
        });
  }

  /**
   * Reads a request that compares texts: one with each of others, or pairs.
   *
   * @param caller who asks, for a fair share of the model's rows
   * @throws ApiException if it is wrong
   */
  public ModelCall score(ObjectNode body, String caller) {
    Fields request = new Fields(body);
    ServedModel model = ModelNames.find(models, request.text("model"));
    PolyLm polyLm = ModelNames.open(model);
    List<String> queries = request.texts("text_1", mostTexts());
    List<String> documents = request.texts("text_2", mostTexts());
    if (queries.isEmpty() || documents.isEmpty()) {
      String missing = queries.isEmpty() ? "text_1" : "text_2";
      throw ApiException.badRequest(
          missing, "%s is missing, must be a string or a list of strings.".formatted(missing));
    }
    if (queries.size() > 1 && queries.size() != documents.size()) {
      throw ApiException.badRequest(
          "text_1",
          "text_1 has %s texts and text_2 has %s, must be one or as many."
              .formatted(queries.size(), documents.size()));
    }
    List<Pair> pairs =
        IntStream.range(0, documents.size())
            .mapToObj(i -> new Pair(queries.get(queries.size() == 1 ? 0 : i), documents.get(i)))
            .toList();
    check(polyLm, pairs, "text_1", "text_2");
    return new ModelCall(
        "text_2", () -> list(model.id(), scores(model, polyLm, caller, pairs, "text_2")));
  }

  private int mostTexts() {
    return settings.server().maxPrompts();
  }

  private static String required(Fields request, String name) {
    return request
        .text(name)
        .orElseThrow(
            () ->
                ApiException.badRequest(name, "%s is missing, must be a string.".formatted(name)));
  }

  /** Returns the documents: strings, or objects with a text. */
  private List<String> documents(Fields request) {
    JsonNode list =
        request
            .node(DOCUMENTS)
            .orElseThrow(
                () -> ApiException.badRequest(DOCUMENTS, "documents is missing, must be a list."));
    List<String> documents = new ArrayList<>();
    for (JsonNode document : Fields.list(DOCUMENTS, list, mostTexts())) {
      JsonNode text = document.isObject() ? document.path("text") : document;
      if (!text.isTextual()) {
        throw Fields.wrong(DOCUMENTS, document, "strings, or objects with a text");
      }
      documents.add(text.textValue());
    }
    return documents;
  }

  /** Refuses an empty query, and what is far too long before it is encoded. */
  private static void check(PolyLm polyLm, List<Pair> pairs, String queryField, String field) {
    int contextLength = polyLm.manifest().model().contextLength();
    try {
      for (Pair pair : pairs) {
        if (pair.query().isEmpty()) {
          throw ApiException.badRequest(
              queryField, "%s is empty, must have text.".formatted(queryField));
        }
        polyLm.tokenizer().checkFits(pair.document() + "\n" + pair.query(), contextLength);
      }
    } catch (PolyLmException e) {
      throw ApiException.tooLong(field, SettingsFields.sentence(e));
    }
  }

  private static Scores scores(
      ServedModel model, PolyLm polyLm, String caller, List<Pair> pairs, String field) {
    int contextLength = polyLm.manifest().model().contextLength();
    List<Double> values = new ArrayList<>();
    int tokens = 0;
    ServedModel.Use use = ModelNames.use(model);
    try (use;
        PolyLm callers = polyLm.share(caller)) {
      for (Pair pair : pairs) {
        String context = pair.document() + "\n";
        int length = callers.tokenizer().encodePrompt(context + pair.query(), false).length;
        if (length > contextLength) {
          throw PromptLimits.tooLong(field, contextLength, length);
        }
        values.add(callers.score(context, pair.query()).perToken());
        tokens += length;
      }
    }
    return new Scores(values, tokens);
  }

  private static ObjectNode ranking(
      String model, Scores scores, List<String> documents, int most, boolean withText) {
    ObjectNode answer =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", "rerank-" + UUID.randomUUID())
            .put("model", model);
    answer.set("usage", Usage.ofPrompts(scores.tokens()));
    ArrayNode results = answer.putArray("results");
    IntStream.range(0, documents.size())
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> scores.values().get(i)).reversed())
        .limit(most)
        .forEach(
            index -> {
              ObjectNode result =
                  results
                      .addObject()
                      .put("index", index)
                      .put("relevance_score", scores.values().get(index));
              if (withText) {
                result.putObject("document").put("text", documents.get(index));
              }
            });
    return answer;
  }

  private static ObjectNode list(String model, Scores scores) {
    ObjectNode answer =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", "score-" + UUID.randomUUID())
            .put("object", "list")
            .put("created", Instant.now().getEpochSecond())
            .put("model", model);
    ArrayNode data = answer.putArray("data");
    for (Double score : scores.values()) {
      data.addObject().put("index", data.size() - 1).put("object", "score").put("score", score);
    }
    answer.set("usage", Usage.ofPrompts(scores.tokens()));
    return answer;
  }
}
