package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLm;
import dev.polylm.chat.ChatSession;
import dev.polylm.export.ExportListener;
import dev.polylm.export.ExportOptions;
import dev.polylm.export.Exporter;
import dev.polylm.export.WeightType;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A checkpoint whose embedding has more rows than the tokenizer has pieces, as padding makes it.
 */
final class PaddedVocabularyTest {
  private static final int PIECES = 8192;
  private static final int ROWS = 8320;
  private static final String PROMPT = "Paris is the capital of France.";

  @TempDir private static Path folder;
  private static PolyLm polyLm;

  @BeforeAll
  static void export() throws IOException {
    Path checkpoint = Files.createDirectory(folder.resolve("checkpoint"));
    for (String name : new String[] {"tokenizer.model", "tokenizer_config.json"}) {
      Files.copy(Fixtures.CHECKPOINT.resolve(name), checkpoint.resolve(name));
    }
    String config = Files.readString(Fixtures.CHECKPOINT.resolve("config.json"));
    Files.writeString(
        checkpoint.resolve("config.json"),
        config.replace("\"vocab_size\": " + PIECES, "\"vocab_size\": " + ROWS));
    Files.write(
        checkpoint.resolve("model.safetensors"),
        padded(Files.readAllBytes(Fixtures.CHECKPOINT.resolve("model.safetensors"))));
    ExportOptions options =
        ExportOptions.builder(checkpoint, folder.resolve("model")).weights(WeightType.FP32).build();
    polyLm = PolyLm.open(Exporter.export(options, ExportListener.NONE).directory());
  }

  @AfterAll
  static void close() {
    polyLm.close();
  }

  /** Appends rows of zeros to the embedding, which is the last tensor of the file. */
  private static byte[] padded(byte[] file) throws IOException {
    int length = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    ObjectNode header = (ObjectNode) new ObjectMapper().readTree(file, 8, length);
    ObjectNode embedding = (ObjectNode) header.get("transformer.wte.weight");
    int width = embedding.get("shape").get(1).intValue();
    int added = (ROWS - PIECES) * width * 2; // bfloat16
    int begin = embedding.get("data_offsets").get(0).intValue();
    int end = embedding.get("data_offsets").get(1).intValue();
    assertThat(8 + length + end).isEqualTo(file.length);
    embedding.putArray("shape").add(ROWS).add(width);
    embedding.putArray("data_offsets").add(begin).add(end + added);
    byte[] newHeader = header.toString().getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(newHeader.length).array());
    out.write(newHeader);
    out.write(file, 8 + length, end);
    out.write(new byte[added]);
    return out.toByteArray();
  }

  private static String decodedPieces(GeneratedSequence sequence) {
    return polyLm
        .tokenizer()
        .decode(Arrays.stream(sequence.ids()).filter(id -> id < PIECES && id != 2).toArray());
  }

  /** Draws an id without a piece now and then. */
  private static GenerationRequest request(int seed) {
    Map<Integer, Double> biases = new HashMap<>();
    for (int id = PIECES; id < ROWS; id++) {
      biases.put(id, 10.0);
    }
    return GenerationRequest.ofPrompt(PROMPT)
        .withConfig(
            GenerationConfig.builder()
                .doSample(true)
                .seed(seed)
                .logitBias(biases)
                .maxNewTokens(30)
                .build());
  }

  @Test
  void anIdWithoutAPieceLosesNoAnswer() {
    int drawn = 0;
    for (int seed = 0; seed < 5; seed++) {
      GeneratedSequence sequence = polyLm.generate(request(seed)).sequences().get(0);
      drawn += (int) Arrays.stream(sequence.ids()).filter(id -> id >= PIECES).count();
      assertThat(sequence.text()).isEqualTo(decodedPieces(sequence));
      try (GenerationStream pieces = polyLm.stream(request(seed))) {
        assertThat(String.join("", pieces)).isEqualTo(sequence.text());
      }
    }
    assertThat(drawn).isBetween(5, 140);
  }

  @Test
  void anAnswerOfNothingElseIsEmpty() {
    GenerationConfig only =
        GenerationConfig.builder().logitBias(Map.of(8200, 100.0)).maxNewTokens(4).build();
    GeneratedSequence sequence =
        polyLm.generate(GenerationRequest.ofPrompt("Hello").withConfig(only)).sequences().get(0);
    assertThat(sequence.ids()).containsExactly(8200, 8200, 8200, 8200);
    assertThat(sequence.text()).isEmpty();
    ChatSession chat = polyLm.chat();
    assertThat(chat.reply(PROMPT, only).text()).isEmpty();
    assertThat(chat.reply(PROMPT).text()).isNotNull();
  }

  @Test
  void promptsMayHoldSuchIds() {
    assertThat(polyLm.generate(GenerationRequest.ofIds(8200, 300)).sequences()).hasSize(1);
    assertThat(polyLm.score(new int[] {8200}, new int[] {300, 8319}).tokenLogprobs()).hasSize(2);
  }
}
