package dev.polylm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCommandTest {
  /** By the shapes in polylm-tiny's checkpoint: c_attn, c_proj of the attention, c_fc, c_proj. */
  private static final double WEIGHTS_OF_THE_LAYERS =
      6 * (256 * 768 + 256 * 256 + 256 * 1024 + 1024 * 256);

  private static final double WEIGHTS_OF_THE_HEAD = 256 * 8192;
  private static final double FILE_BYTES = 28_639_232;

  @TempDir private Path folder;

  @Test
  void measuresRowsAndPrompts() throws Exception {
    Run run = Run.of("bench", "--rows=1,2", "--context=8,20", "--tokens=3", "--json");
    assertThat(run.status()).isZero();
    JsonNode json = new ObjectMapper().readTree(run.out());
    assertThat(json.get("model").textValue()).isEqualTo("polylm-tiny");
    double readBytes = json.get("read_bytes_per_second").doubleValue();
    assertThat(readBytes).isGreaterThan(1e8);
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
            "share_of_prefill_limit",
            "share_of_decode_limit"
          }) {
        assertThat(speed.get(figure).doubleValue()).as(figure).isPositive();
      }
      double prefill = speed.get("prefill_tokens_per_second").doubleValue();
      assertThat(speed.get("share_of_prefill_limit").doubleValue())
          .isCloseTo(prefill * WEIGHTS_OF_THE_LAYERS / multiplyAdds, withinPercentage(0.1));
      double decode = speed.get("decode_tokens_per_second").doubleValue();
      double multiplying = decode * (WEIGHTS_OF_THE_LAYERS + WEIGHTS_OF_THE_HEAD) / multiplyAdds;
      double reading = decode / speed.get("rows").intValue() * FILE_BYTES / readBytes;
      assertThat(speed.get("share_of_decode_limit").doubleValue())
          .isCloseTo(Math.max(reading, multiplying), withinPercentage(0.1));
    }
  }

  @Test
  void multipliesIntegersForWeightsThatAreIntegers() throws Exception {
    Path model = folder.resolve("model");
    String[] export = {
      "export",
      "--checkpoint",
      ExportCommandTest.CHECKPOINT,
      "--output",
      model.toString(),
      "--weights",
      "int8",
      "--calibration",
      "off",
      "--no-verify"
    };
    assertThat(Run.of(export).status()).isZero();
    assertThat(typeOf("--model", model.toString())).isEqualTo("int8");
    assertThat(typeOf()).isEqualTo("fp32");
  }

  private static String typeOf(String... model) throws Exception {
    Stream<String> bench = Stream.of("bench", "--rows=1", "--context=8", "--tokens=2", "--json");
    Run run = Run.of(Stream.concat(bench, Stream.of(model)).toArray(String[]::new));
    return new ObjectMapper().readTree(run.out()).get("multiply_adds_type").textValue();
  }

  @Test
  void printsATable() {
    Run run = Run.of("bench", "--rows=1", "--context=8", "--tokens=2");
    assertThat(run.outLines().get(0)).matches("polylm-tiny, \\d+ cores, uses \\d+ MB");
    assertThat(run.outLines().get(1))
        .matches("memory is read at [0-9.]+ GB/s, fp32 is multiplied and added at \\d+ billion/s");
    assertThat(run.outLines().get(3))
        .matches(" ROWS +PROMPT +FIRST TOKEN +PREFILL +SHARE +DECODE +SHARE");
    assertThat(run.outLines().get(4))
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
