package dev.polylm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polylm.server.PolyLmServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From PEFT's folder to answers with the adapter, against the model with the adapter merged. */
class AdapterCommandTest {
  private static final String PROMPT = GenerateCommandTest.CARD;

  @TempDir private static Path folder;
  private static Path peft;
  private static Path model;
  private static Path adapter;

  @BeforeAll
  static void export() throws IOException {
    peft = Files.createDirectory(folder.resolve("peft"));
    writeAdapter(peft, 5);
    model = folder.resolve("model");
    exported(model, "--run-time-adapters", "--max-rank", "4", "--adapter-slots", "2");
    adapter = folder.resolve("mine.adapter");
    Run run =
        Run.of("adapter", "--checkpoint-adapter", peft.toString(), "--output", adapter.toString());
    assertThat(run)
        .isEqualTo(
            new Run(0, "", "Wrote %s: 1 matrices of rank 4 or less, 0.0 MB.\n".formatted(adapter)));
  }

  private static void exported(Path output, String... more) {
    String[] args = {
      "export", "--checkpoint", ExportCommandTest.CHECKPOINT, "--output", output.toString()
    };
    String[] all = Arrays.copyOf(args, args.length + 3 + more.length);
    System.arraycopy(new String[] {"--weights", "fp32", "--no-verify"}, 0, all, args.length, 3);
    System.arraycopy(more, 0, all, args.length + 3, more.length);
    Run run = Run.of(all);
    assertThat(run.status()).as(run.err()).isZero();
  }

  @Test
  void adaptersMayChangeTheHeadWhereAsked() throws IOException {
    Path with = folder.resolve("with-head");
    exported(with, "--run-time-adapters", "--adapter-head");
    assertThat(Files.readString(with.resolve("manifest.json"))).contains("\"head\" : true");
    assertThat(Files.readString(model.resolve("manifest.json"))).doesNotContain("\"head\"");
  }

  /** An adapter on the first layer's c_attn that changes answers. */
  static void writeAdapter(Path target, long seed) throws IOException {
    int width = 256;
    int rank = 4;
    Random random = new Random(seed);
    ByteBuffer data = ByteBuffer.allocate(4 * width * rank * Float.BYTES);
    data.order(ByteOrder.LITTLE_ENDIAN);
    while (data.hasRemaining()) {
      data.putFloat((float) random.nextGaussian() * 0.3f);
    }
    int ofA = width * rank * Float.BYTES;
    String name = "base_model.model.transformer.h.0.attn.c_attn.lora_";
    String header =
        "{\"%sA.weight\":{\"dtype\":\"F32\",\"shape\":[%s,%s],\"data_offsets\":[0,%s]},"
                .formatted(name, rank, width, ofA)
            + "\"%sB.weight\":{\"dtype\":\"F32\",\"shape\":[%s,%s],\"data_offsets\":[%s,%s]}}"
                .formatted(name, 3 * width, rank, ofA, data.capacity());
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(Long.BYTES + json.length + data.capacity())
            .order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(json.length).put(json).put(data.flip());
    Files.write(target.resolve("adapter_model.safetensors"), file.array());
    Files.writeString(
        target.resolve("adapter_config.json"),
        "{\"peft_type\": \"LORA\", \"r\": 4, \"lora_alpha\": 8}");
  }

  @Test
  void answersAndScoresAreThoseOfTheMergedModel() {
    Path merged = folder.resolve("merged");
    exported(merged, "--adapter", peft.toString());
    Run expected = Run.of("generate", "--model", merged.toString(), PROMPT);
    Run plain = Run.of("generate", "--model", model.toString(), PROMPT);
    assertThat(expected.status()).isZero();
    assertThat(expected.out()).isNotEqualTo(plain.out());
    String[] with = {"--model", model.toString(), "--adapter", adapter.toString()};
    assertThat(Run.of("generate", with[0], with[1], with[2], with[3], PROMPT)).isEqualTo(expected);
    assertThat(Run.of("generate", with[0], with[1], with[2], peft.toString(), PROMPT))
        .isEqualTo(expected);
    assertThat(Run.withInput("Berlin\n", "chat", with[0], with[1], with[2], with[3]).out())
        .isEqualTo(Run.withInput("Berlin\n", "chat", "--model", merged.toString()).out());
    String[] text = {"score", "--text", "Paris is the capital of France."};
    double found =
        perplexity(Run.of(text[0], text[1], text[2], with[0], with[1], with[2], with[3]));
    assertThat(found)
        .isCloseTo(
            perplexity(Run.of(text[0], text[1], text[2], "--model", merged.toString())),
            withinPercentage(0.01));
  }

  private static double perplexity(Run run) {
    assertThat(run.status()).as(run.err()).isZero();
    return Double.parseDouble(run.out().replaceAll("[^0-9.]", ""));
  }

  @Test
  void theServerNamesTheModelWithItsAdapter() throws Exception {
    Map<String, String> settings =
        Map.of(
            "polylm.model.path",
            model.toString(),
            "polylm.model.name",
            "tiny",
            "polylm.adapters.mine",
            adapter.toString(),
            "polylm.server.max-tokens",
            "12");
    try (PolyLmServer server = PolyLmServer.start("127.0.0.1", 0, settings)) {
      assertThat(server.awaitModels()).containsExactly("tiny", "tiny:mine");
      assertThat(get(server.uri().resolve("v1/models"))).contains("\"tiny\"", "\"tiny:mine\"");
      String with = complete(server, "tiny:mine");
      String[] args = {"--model", model.toString(), "--max-new-tokens", "12"};
      Run expected =
          Run.of(
              "generate",
              args[0],
              args[1],
              args[2],
              args[3],
              "--adapter",
              adapter.toString(),
              "Berlin");
      assertThat(with).isNotEqualTo(complete(server, "tiny"));
      assertThat(with.strip()).isEqualTo(expected.out().strip());
    }
  }

  @Test
  void serveTakesAdaptersByName() throws Exception {
    try (ServeCommandTest.Served served =
        ServeCommandTest.Served.start(
            Map.of(), "--model", "base=" + model, "--adapter", "mine=" + adapter)) {
      assertThat(get(served.root().resolve("models"))).contains("\"base\"", "\"base:mine\"");
    }
  }

  /** Another adapter, even of the same name, makes another run of an evaluation. */
  @Test
  void anEvaluationNamesItsAdapterAndIsContinuedOnlyWithIt() throws IOException {
    Path output = folder.resolve("evaluation");
    Run first = evaluate(output, "--adapter", peft.toString());
    assertThat(first.status()).isZero();
    assertThat(output.resolve("report.md"))
        .content()
        .startsWith("# Evaluation of checkpoint (weights fp32, cache fp32, adapter peft)\n");
    assertThat(evaluate(output, "--adapter", peft.toString())).isEqualTo(first);
    Path other = Files.createDirectories(folder.resolve("other/peft"));
    writeAdapter(other, 6);
    String another = output.resolve("items.jsonl") + ": holds another run, {\"format\":1,";
    assertThat(evaluate(output, "--adapter", other.toString()).err()).contains(another);
    assertThat(evaluate(output).err()).contains(another);
  }

  private static Run evaluate(Path output, String... more) {
    List<String> arguments = new ArrayList<>(List.of("evaluate", "--model", model.toString()));
    arguments.addAll(List.of("--tasks", "paws-x", "--limit", "2", "--output", output.toString()));
    arguments.addAll(List.of("--data", EvaluateCommandTest.DATA));
    arguments.addAll(List.of(more));
    return Run.of(arguments.toArray(String[]::new));
  }

  private static String get(URI uri) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(uri).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
  }

  /** Returns the text that follows Berlin. */
  private static String complete(PolyLmServer server, String name) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.uri().resolve("v1/completions"))
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"model\":\"%s\",\"prompt\":\"Berlin\",\"max_tokens\":12,\"temperature\":0}"
                        .formatted(name)))
            .build();
    String body = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    assertThat(body).contains("\"text\"");
    return new ObjectMapper().readTree(body).get("choices").get(0).get("text").textValue();
  }

  @Test
  void whatDoesNotFitIsSaid() throws IOException {
    Run plain = Run.of("generate", "--adapter", adapter.toString(), PROMPT);
    assertThat(plain.status()).isEqualTo(1);
    assertThat(plain.err())
        .contains("takes no adapters at run time: export it with --run-time-adapters");
    Path text = Files.writeString(folder.resolve("text.adapter"), "not an adapter at all");
    Run broken =
        Run.of("generate", "--model", model.toString(), "--adapter", text.toString(), PROMPT);
    assertThat(broken.status()).isEqualTo(1);
    assertThat(broken.err())
        .contains(text + ": is not an adapter's file, expected one that polylm adapter wrote");
    Run rank = Run.of("export", "--checkpoint", "x", "--output", "y", "--max-rank", "4");
    assertThat(rank.status()).isEqualTo(2);
  }
}
