package dev.polylm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polylm.PolyLm;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmbedCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void givesAVectorForEachText() throws Exception {
    Run run = Run.of("embed", "Beijing", "two\\nlines");
    assertThat(run.status()).isZero();
    assertThat(run.outLines()).hasSize(2);
    List<float[]> vectors;
    try (PolyLm polyLm = PolyLm.openEmbedded()) {
      vectors = polyLm.embed(List.of("Beijing", "two\nlines"));
    }
    for (int i = 0; i < 2; i++) {
      JsonNode vector = JSON.readTree(run.outLines().get(i)).get("embedding");
      assertThat(vector).hasSize(vectors.get(i).length);
      for (int j = 0; j < vector.size(); j++) {
        assertThat(vector.get(j).floatValue()).isCloseTo(vectors.get(i)[j], within(1e-5f));
      }
    }
  }

  @Test
  void readsRequestsFromLines() throws Exception {
    Run run =
        Run.withInput("{\"text\": \"a\"}\n{\"ids\": []}\n", "embed", "--jsonl=-", "--output=-");
    assertThat(run.status()).isEqualTo(1);
    assertThat(JSON.readTree(run.outLines().get(0)).get("embedding")).isNotEmpty();
    assertThat(run.outLines().get(1)).startsWith("{\"error\":");
    assertThat(Run.of("embed").status()).isEqualTo(2);
  }
}
