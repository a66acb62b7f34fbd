package dev.polylm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class BenchCommandTest {
  /** By the shapes in polylm-tiny's checkpoint: c_attn, c_proj of the attention, c_fc, c_proj. */
  private static final double WEIGHTS_OF_THE_LAYERS =
      6 * (256 * 768 + 256 * 256 + 256 * 1024 + 1024 * 256);

  @Test
  void measuresRowsAndPrompts() throws Exception {
    Run run = Run.of("bench", "--rows=1,2", "--context=8,20", "--tokens=3", "--json");
    assertThat(run.status()).isZero();
    JsonNode json = new ObjectMapper().readTree(run.out());
    assertThat(json.get("model").textValue()).isEqualTo("polylm-tiny");
    assertThat(json.get("read_bytes_per_second").doubleValue()).isGreaterThan(1e8);
    double multiplyAdds = json.get("multiply_adds_per_second").doubleValue();
    assertThat(multiplyAdds).isGreaterThan(1e8);
    JsonNode speeds = json.get("speeds");
    assertThat(speeds).hasSize(3);
    assertThat(speeds.findValuesAsText("rows")).containsExactly("1", "2", "1");
    assertThat(speeds.findValuesAsText("prompt_tokens")).containsExactly("8", "8", "20");
    for (JsonNode speed : speeds) {
      for (String figure :
          new String[] {
            "first_token_seconds",
            "prefill_tokens_per_second",
            "decode_tokens_per_second",
            "share_of_arithmetic_limit",
            "share_of_read_limit"
          }) {
        assertThat(speed.get(figure).doubleValue()).as(figure).isPositive();
      }
      double arithmetic =
          speed.get("prefill_tokens_per_second").doubleValue() * WEIGHTS_OF_THE_LAYERS;
      assertThat(speed.get("share_of_arithmetic_limit").doubleValue())
          .isCloseTo(arithmetic / multiplyAdds, withinPercentage(0.1));
    }
  }

  @Test
  void printsATable() {
    Run run = Run.of("bench", "--rows=1", "--context=8", "--tokens=2");
    assertThat(run.outLines().get(0))
        .matches(
            "polylm-tiny, \\d+ cores, reads memory at .* GB/s, makes \\d+ billion"
                + " multiply-adds/s.*");
    assertThat(run.outLines().get(2))
        .matches(" ROWS +PROMPT +FIRST TOKEN +PREFILL +SHARE +DECODE +SHARE");
    assertThat(run.outLines().get(3))
        .matches(" +1 +8 +\\d+ ms +\\d+ t/s +\\d+% +[0-9.]+ t/s +\\d+%");
  }

  @Test
  void refusesPromptsThatDoNotFit() {
    Run run = Run.of("bench", "--context=500");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .startsWith(
            "polylm: --context is 500, must be from 1 to 480: polylm-tiny reads 512 tokens");
    assertThat(Run.of("bench", "--tokens=1").status()).isEqualTo(2);
  }
}
