package dev.polylm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polylm.Adapter;
import dev.polylm.PolyLm;
import dev.polylm.export.AdapterExporter;
import dev.polylm.export.ExportListener;
import dev.polylm.export.ExportOptions;
import dev.polylm.export.Exporter;
import dev.polylm.export.WeightType;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.model.AdapterFacts;
import dev.polylm.prompt.ChatMessage;
import dev.polylm.server.PolyLmServer;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Adapters that clients of a server load and unload. The SDK says what is right. */
final class LoadedAdaptersTest {
  private static final GenerationConfig GREEDY =
      GenerationConfig.builder().doSample(false).maxNewTokens(12).build();
  private static final String FIELDS = "'max_tokens': 12, 'temperature': 0";

  /** Room for three adapters, which take 16,384 bytes each. */
  private static final String ROOM = "50000";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir private static Path folder;
  private static PolyLm polyLm;
  private static PolyLm legal; // with that adapter
  private static PolyLm medical;
  private static PolyLmServer server;

  @BeforeAll
  static void start() throws Exception {
    Path model =
        Exporter.export(
                ExportOptions.builder(
                        Path.of(ExportCommandTest.CHECKPOINT), folder.resolve("model"))
                    .weights(WeightType.FP32)
                    .verify(false)
                    .runTimeAdapters(new AdapterFacts(4, 2))
                    .build(),
                ExportListener.NONE)
            .directory();
    Path adapters = Files.createDirectory(folder.resolve("adapters"));
    polyLm = PolyLm.open(model);
    legal = polyLm.withAdapter(adapter(adapters, "legal", 1));
    medical = polyLm.withAdapter(adapter(adapters, "medical", 2));
    byte[] broken = Files.readAllBytes(adapters.resolve("legal.adapter"));
    broken[broken.length / 2]++;
    Files.write(adapters.resolve("broken.adapter"), broken);
    server =
        PolyLmServer.start(
            "127.0.0.1",
            0,
            Map.of(
                "polylm.model.path", model.toString(),
                "polylm.model.name", "base",
                "polylm.adapters.fixed", adapters.resolve("medical.adapter").toString(),
                "polylm.adapter-bytes", ROOM,
                "polylm.server.adapter-folder", adapters.toString()));
    server.awaitModels();
  }

  private static Adapter adapter(Path adapters, String name, int seed) throws Exception {
    Path peft = Files.createDirectory(folder.resolve(name));
    AdapterCommandTest.writeAdapter(peft, seed);
    Path file = adapters.resolve(name + ".adapter");
    AdapterExporter.export(peft, file, false);
    return polyLm.loadAdapter(file);
  }

  @AfterAll
  static void stop() {
    server.close();
    legal.close();
    medical.close();
    polyLm.close();
  }

  @AfterEach
  void unloadAll() {
    Stream.of("legal", "other").forEach(name -> unload(name));
  }

  private static <T> HttpResponse<T> send(String path, String json, BodyHandler<T> body) {
    try {
      return HTTP.send(
          HttpRequest.newBuilder(server.uri().resolve(path))
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(json.replace('\'', '"')))
              .build(),
          body);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static HttpResponse<String> post(String path, String json) {
    return send(path, json, BodyHandlers.ofString());
  }

  private static JsonNode ask(String path, String json) {
    HttpResponse<String> response = post(path, json);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return json(response.body());
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (Exception e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static HttpResponse<String> load(String name, String file, String more) {
    return post(
        "v1/load_lora_adapter",
        "{'lora_name': '%s', 'lora_path': '%s'%s}".formatted(name, file, more));
  }

  private static void load(String name, String file) {
    HttpResponse<String> response = load(name, file, "");
    assertThat(response.body())
        .isEqualTo("Success: LoRA adapter '%s' added successfully.".formatted(name));
    assertThat(response.statusCode()).isEqualTo(200);
  }

  private static HttpResponse<String> unload(String name) {
    return post("v1/unload_lora_adapter", "{'lora_name': '%s'}".formatted(name));
  }

  private static String complete(String model) {
    return ask("v1/completions", "{'model': '%s', 'prompt': 'Berlin', %s}".formatted(model, FIELDS))
        .at("/choices/0/text")
        .textValue();
  }

  private static List<String> models() throws Exception {
    String body =
        HTTP.send(
                HttpRequest.newBuilder(server.uri().resolve("v1/models")).build(),
                BodyHandlers.ofString())
            .body();
    List<String> models = new ArrayList<>();
    for (JsonNode model : json(body).path("data")) {
      models.add(model.path("id").textValue() + " of " + model.path("parent").textValue());
    }
    return models;
  }

  @Test
  void allThatIsServedTakesTheAdapter() throws Exception {
    load("base:legal", "legal.adapter");
    assertThat(models())
        .containsExactly("base of null", "base:fixed of base", "base:legal of base");
    assertThat(complete("base:legal")).isEqualTo(legal.generate("Berlin", GREEDY));
    assertThat(complete("legal")).isEqualTo(legal.generate("Berlin", GREEDY));
    assertThat(complete("fixed")).isEqualTo(medical.generate("Berlin", GREEDY));
    assertThat(complete("base"))
        .isEqualTo(polyLm.generate("Berlin", GREEDY))
        .isNotEqualTo(complete("legal"));
    String chat =
        "{'model': 'base:legal', 'messages': [{'role': 'user', 'content': 'Rome'}], %s%s}";
    String reply =
        ask("v1/chat/completions", chat.formatted(FIELDS, ""))
            .at("/choices/0/message/content")
            .textValue();
    assertThat(reply).isEqualTo(legal.generate(List.of(ChatMessage.user("Rome")), GREEDY));
    HttpResponse<String> stream =
        post("v1/chat/completions", chat.formatted(FIELDS, ", 'stream': true"));
    StringBuilder pieces = new StringBuilder();
    stream
        .body()
        .lines()
        .filter(line -> line.startsWith("data:") && !line.contains("[DONE]"))
        .map(line -> json(line.substring(5)))
        .peek(chunk -> assertThat(chunk.path("model").textValue()).isEqualTo("base:legal"))
        .forEach(chunk -> pieces.append(chunk.at("/choices/0/delta/content").asText("")));
    assertThat(pieces).hasToString(reply);
    float[] vector = legal.embed("Rome");
    JsonNode embedding =
        ask("v1/embeddings", "{'model': 'legal', 'input': 'Rome'}").at("/data/0/embedding");
    for (int i = 0; i < vector.length; i++) {
      assertThat((float) embedding.get(i).asDouble()).isCloseTo(vector[i], within(1e-5f));
    }
    double score =
        ask("v1/score", "{'model': 'legal', 'text_1': 'Rome', 'text_2': 'Italy'}")
            .at("/data/0/score")
            .doubleValue();
    assertThat(score).isCloseTo(legal.score("Italy\n", "Rome").perToken(), within(1e-4));
  }

  @Test
  void anUnloadedAdapterIsGoneAndItsMemoryToo() throws Exception {
    for (int i = 0; i < 5; i++) { // there is room for two beside the configured one
      load("legal", "legal.adapter");
      load("base:other", folder.resolve("adapters/medical.adapter").toString());
      assertThat(complete("legal")).isEqualTo(legal.generate("Berlin", GREEDY));
      assertThat(unload("base:legal").body())
          .isEqualTo("Success: LoRA adapter 'base:legal' removed successfully.");
      assertThat(unload("other").statusCode()).isEqualTo(200);
    }
    assertThat(models()).containsExactly("base of null", "base:fixed of base");
    HttpResponse<String> gone = post("v1/completions", "{'model': 'legal', 'prompt': 'a'}");
    assertThat(gone.statusCode()).isEqualTo(404);
    assertThat(json(gone.body()).at("/error/code").textValue()).isEqualTo("model_not_found");
    assertThat(unload("legal").statusCode()).isEqualTo(404);
  }

  @Test
  void whatCanNotBeLoadedIsSaid() {
    load("legal", "legal.adapter");
    for (String name : new String[] {"legal", "base:legal", "fixed"}) {
      HttpResponse<String> again = load(name, "medical.adapter", "");
      assertThat(again.statusCode()).isEqualTo(400);
      assertThat(again.body()).contains("an adapter with this name has already been loaded");
    }
    assertThat(load("fixed", "medical.adapter", ", 'load_inplace': true").statusCode())
        .isEqualTo(400);
    HttpResponse<String> broken = load("other", "broken.adapter", "");
    assertThat(broken.statusCode()).isEqualTo(400);
    assertThat(json(broken.body()).at("/error/message").textValue())
        .isEqualTo(
            "The adapter other can't be loaded: broken.adapter: has another SHA-256 than it says:"
                + " the file was changed.");
    load("other", "medical.adapter");
    HttpResponse<String> full = load("third", "medical.adapter", "");
    assertThat(full.statusCode()).isEqualTo(400);
    assertThat(full.body()).contains("close one, or raise adapterBytes");
    HttpResponse<String> fixed = unload("fixed");
    assertThat(fixed.statusCode()).isEqualTo(400);
    assertThat(fixed.body()).contains("one of the server's configuration, which stays loaded");
  }

  @Test
  void aFileTakesThePlaceOfAnotherIfThatIsAskedFor() throws Exception {
    load("legal", "legal.adapter");
    for (String file : new String[] {"medical.adapter", "broken.adapter"}) {
      int status = load("legal", file, ", 'load_inplace': true").statusCode();
      assertThat(status).isEqualTo(file.startsWith("medical") ? 200 : 400);
      assertThat(complete("legal")).isEqualTo(medical.generate("Berlin", GREEDY));
    }
    assertThat(models())
        .containsExactly("base of null", "base:fixed of base", "base:legal of base");
  }

  @Test
  void ofTwoAtOnceOneLoads() {
    List<CompletableFuture<Integer>> loads =
        Stream.generate(
                () ->
                    CompletableFuture.supplyAsync(
                        () -> load("legal", "legal.adapter", "").statusCode()))
            .limit(4)
            .toList();
    List<Integer> statuses = new ArrayList<>(loads.stream().map(CompletableFuture::join).toList());
    Collections.sort(statuses);
    assertThat(statuses).containsExactly(200, 400, 400, 400);
    assertThat(complete("legal")).isEqualTo(legal.generate("Berlin", GREEDY));
  }

  /** Most of the request's 40 prompts begin after the adapter is unloaded. */
  @Test
  void aRequestKeepsItsAdapterWhenItIsUnloaded() throws Exception {
    load("legal", "legal.adapter");
    String prompts = String.join(", ", Collections.nCopies(40, "'Berlin'"));
    HttpResponse<InputStream> answer =
        send(
            "v1/completions",
            "{'model': 'legal', 'prompt': [%s], %s, 'stream': true}".formatted(prompts, FIELDS),
            BodyHandlers.ofInputStream());
    String[] texts = new String[40];
    try (BufferedReader events =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      boolean unloaded = false;
      for (String line = events.readLine(); line != null; line = events.readLine()) {
        if (line.startsWith("data:") && !line.contains("[DONE]")) {
          if (!unloaded) {
            assertThat(unload("legal").statusCode()).isEqualTo(200);
            unloaded = true;
          }
          JsonNode choice = json(line.substring(5)).at("/choices/0");
          int index = choice.path("index").intValue();
          texts[index] = (texts[index] == null ? "" : texts[index]) + choice.path("text").asText();
        }
      }
    }
    assertThat(texts).containsOnly(legal.generate("Berlin", GREEDY));
    assertThat(post("v1/completions", "{'model': 'legal', 'prompt': 'a'}").statusCode())
        .isEqualTo(404);
    load("legal", "legal.adapter"); // the memory is free again
    load("other", "legal.adapter");
  }
}
