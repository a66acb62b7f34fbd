package dev.polylm.internal.device;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.polylm.internal.unpacked.OnnxRuntimeLibrary;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class IntegerProbeTest {
  @Test
  void itsGraphMultipliesUnsignedRowsBySignedWeights() throws OrtException {
    byte[] graph = IntegerProbe.graph(2, 3, 2, new byte[] {1, -2, 3, -4, 5, 127});
    ByteBuffer rows =
        ByteBuffer.allocateDirect(6).put(new byte[] {1, 2, 3, (byte) 255, 0, (byte) 200}).flip();
    try (OrtSession session = Sessions.open(graph, DeviceSettings.CPU, options -> {}).session();
        OnnxTensor tensor =
            OnnxTensor.createTensor(
                OnnxRuntimeLibrary.environment(), rows, new long[] {2, 3}, OnnxJavaType.UINT8);
        OrtSession.Result result = session.run(Map.of("rows", tensor))) {
      // 1*1 + 2*3 + 3*5, 1*-2 + 2*-4 + 3*127, 255*1 + 200*5, 255*-2 + 200*127
      assertThat((int[][]) result.get(0).getValue())
          .isDeepEqualTo(new int[][] {{22, 371}, {1255, 24890}});
    }
  }

  @Test
  void findsANumber() {
    assertThat(IntegerProbe.multiplyAddsPerSecond(1)).isPositive().isFinite();
  }
}
