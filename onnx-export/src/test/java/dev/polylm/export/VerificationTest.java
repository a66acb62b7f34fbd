package dev.polylm.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an export finds when it holds its own work against the checkpoint. */
class VerificationTest {
  @TempDir private Path folder;

  static List<String> fixtures() {
    return ReferenceModel.names();
  }

  private ExportOptions.Builder options(String fixture) {
    return ExportOptions.builder(
            ReferenceModel.FIXTURES.resolve(fixture), folder.resolve("exports").resolve("model"))
        .tokenizer(false)
        .weights(WeightType.FP32);
  }

  private static Verification verification(ExportReport report) {
    return Objects.requireNonNull(report.verification());
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void everyFixtureAgrees(String fixture) {
    Verification found =
        verification(Exporter.export(options(fixture).build(), ExportListener.NONE));

    assertThat(found.sequences()).isEqualTo(4);
    assertThat(found.positions()).isEqualTo(96);
    assertThat(found.largestDifference()).isLessThan(1e-4);
    assertThat(found.meanDifference()).isLessThan(1e-5);
    assertThat(found.top1Agreement()).isEqualTo(1);
    assertThat(found.klDivergence()).isLessThan(1e-8);
    assertThat(found.spread()).isGreaterThan(0.1);
  }

  /** Each export would fail where it is past its type's limits. */
  @ParameterizedTest
  @EnumSource(WeightType.class)
  void everyTypeIsWithinItsLimits(WeightType weights) {
    for (String fixture : fixtures()) {
      ExportOptions wanted = options(fixture).weights(weights).force(true).build();
      Verification found = verification(Exporter.export(wanted, ExportListener.NONE));

      assertThat(found.positions()).as(fixture).isEqualTo(96);
      assertThat(found.meanDifference()).as(fixture).isPositive();
    }
  }

  /** All of the layers' weights come out as a pattern of bytes that a number may have. */
  @ParameterizedTest
  @EnumSource(WeightType.class)
  void noTypesLimitsLetWrongLayersPass(WeightType weights) {
    ExportListener breaking =
        (name, bytesDone, bytesTotal) -> {
          if (name.equals("ln_f.bias")) {
            overwrite(0, (int) bytesDone, 0x35353535);
          }
        };

    assertThatThrownBy(
            () ->
                Exporter.export(
                    options("linear-layout-polylm-head").weights(weights).build(), breaking))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining("does not compute what the checkpoint does")
        .hasMessageContaining("expected for " + weights.label());
  }

  @Test
  void theListenerHearsOfEachLayerAndEachSlice() {
    List<String> heard = new ArrayList<>();
    ExportListener listener =
        new ExportListener() {
          @Override
          public void bytesWritten(String tensor, long bytesDone, long bytesTotal) {}

          @Override
          public void verified(int stepsDone, int stepsTotal) {
            heard.add(stepsDone + "/" + stepsTotal);
          }
        };

    Exporter.export(options("safetensors-fp32").build(), listener);

    assertThat(heard).containsExactly("1/3", "2/3", "3/3");
  }

  @Test
  void isLeftOutWhereNotWanted() {
    ExportReport report =
        Exporter.export(options("safetensors-fp32").verify(false).build(), ExportListener.NONE);

    assertThat(report.verification()).isNull();
  }

  /** The listener plays a disk that stores other bytes than it was given. */
  @ParameterizedTest
  @ValueSource(strings = {"wte.weight", "h.1.attn.c_attn.weight", "h.0.mlp.c_proj.bias"})
  void weightsThatCameOutWrongEndTheExport(String tensor) throws IOException {
    ExportListener breaking =
        (name, bytesDone, bytesTotal) -> {
          if (name.equals(tensor)) {
            overwrite(bytesDone - 64, 64, Float.floatToIntBits(1));
          }
        };

    assertThatThrownBy(() -> Exporter.export(options("safetensors-fp32").build(), breaking))
        .isInstanceOf(PolyLmException.class)
        .hasMessageMatching(
            "the exported graph does not compute what the checkpoint does: logits of 96 positions"
                + " in 4 sequences, spread \\S+: largest difference \\S+, mean \\S+, top-1"
                + " agreement \\S+ %, KL divergence \\S+; expected for fp32 a largest difference"
                + " of at most \\S+, mean \\S+, top-1 agreement of at least 97 %, KL divergence of"
                + " at most 1.0e-05");
    try (Stream<Path> left = Files.list(folder.resolve("exports"))) {
      assertThat(left).isEmpty();
    }
  }

  private void overwrite(long at, int bytes, int value) {
    try (Stream<Path> partial = Files.list(folder.resolve("exports"))) {
      Path data = partial.findFirst().orElseThrow().resolve("model.onnx.data");
      try (RandomAccessFile file = new RandomAccessFile(data.toFile(), "rw")) {
        file.seek(at);
        ByteBuffer content = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (content.remaining() >= Integer.BYTES) {
          content.putInt(value);
        }
        file.write(content.array());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
