package dev.polylm.internal.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polylm.internal.logits.TokenBuffer;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** Reads what Hugging Face's processors made of logits, and compares. */
final class ProcessorCases {
  private ProcessorCases() {}

  static List<JsonNode> read(String resource) throws IOException {
    try (InputStream in = ProcessorCases.class.getResourceAsStream(resource)) {
      List<JsonNode> cases = new ArrayList<>();
      new ObjectMapper().readTree(Objects.requireNonNull(in)).forEach(cases::add);
      return cases;
    }
  }

  static TokenBuffer row(JsonNode example) {
    JsonNode ids = example.get("input_ids");
    int promptLength = example.get("prompt_length").intValue();
    int[] all = IntStream.range(0, ids.size()).map(i -> ids.get(i).intValue()).toArray();
    TokenBuffer row = TokenBuffer.ofPrompt(Arrays.copyOf(all, promptLength));
    Arrays.stream(all).skip(promptLength).forEach(row::append);
    return row;
  }

  /** Null stands for minus infinity. */
  static float[] floats(JsonNode array) {
    float[] values = new float[array.size()];
    for (int i = 0; i < values.length; i++) {
      JsonNode value = array.get(i);
      values[i] = value.isNull() ? Float.NEGATIVE_INFINITY : value.floatValue();
    }
    return values;
  }

  static void assertClose(float[] logits, float[] expected, double tolerance) {
    for (int id = 0; id < logits.length; id++) {
      if (Float.isInfinite(expected[id])) {
        assertThat(logits[id]).as("id %d", id).isEqualTo(Float.NEGATIVE_INFINITY);
      } else if (!(Math.abs(logits[id] - expected[id]) <= tolerance)) {
        throw new AssertionError(
            "id %d has %s, expected %s".formatted(id, logits[id], expected[id]));
      }
    }
  }
}
