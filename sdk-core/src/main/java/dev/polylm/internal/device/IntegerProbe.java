package dev.polylm.internal.device;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.polylm.PolyLmException;
import dev.polylm.internal.unpacked.OnnxRuntimeLibrary;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;

/**
 * Measures how many 8-bit integers ONNX Runtime multiplies and adds in a second on the CPU. That is
 * the limit of a model with integer weights that reads a prompt or decodes many rows. It runs a
 * graph of one MatMulInteger, in the fastest of eight shapes that were tried.
 *
 * <p>The graph is written here, with the fields of ONNX's <a
 * href="https://github.com/onnx/onnx/blob/v1.19.0/onnx/onnx.proto">onnx.proto</a>.
 */
public final class IntegerProbe {
  private static final int ROWS = 128;
  private static final int INNER = 2048;
  private static final int COLUMNS = 2048;
  private static final long NANOS = 1_000_000_000;

  private static final int UINT8 = 2;
  private static final int INT8 = 3;
  private static final int INT32 = 6;
  private static final int IR_VERSION = 8;
  private static final int OPSET = 13;

  private IntegerProbe() {}

  /**
   * Returns the number of the fastest run.
   *
   * @param threads how many threads a run uses
   * @throws PolyLmException if ONNX Runtime can't run the graph
   */
  public static double multiplyAddsPerSecond(int threads) {
    byte[] weights = new byte[INNER * COLUMNS];
    new Random(1).nextBytes(weights);
    OrtEnvironment environment = OnnxRuntimeLibrary.environment();
    try (OrtSession session =
            Sessions.open(
                    graph(ROWS, INNER, COLUMNS, weights),
                    DeviceSettings.CPU,
                    options -> options.setIntraOpNumThreads(threads))
                .session();
        OnnxTensor rows = rows(environment, ROWS, INNER)) {
      long least = Long.MAX_VALUE;
      long begin = System.nanoTime();
      while (System.nanoTime() - begin < NANOS) {
        long start = System.nanoTime();
        session.run(Map.of("rows", rows)).close();
        least = Math.min(least, System.nanoTime() - start);
      }
      return (double) ROWS * INNER * COLUMNS * 1e9 / least;
    } catch (OrtException e) {
      throw new PolyLmException("ONNX Runtime can't multiply integers: " + e.getMessage(), e);
    }
  }

  private static OnnxTensor rows(OrtEnvironment environment, int rows, int inner)
      throws OrtException {
    byte[] values = new byte[rows * inner];
    new Random(2).nextBytes(values);
    ByteBuffer direct = ByteBuffer.allocateDirect(values.length).put(values).flip();
    return OnnxTensor.createTensor(
        environment, direct, new long[] {rows, inner}, OnnxJavaType.UINT8);
  }

  /** Returns an ONNX model that multiplies unsigned rows by signed weights. */
  static byte[] graph(int rows, int inner, int columns, byte[] weights) {
    byte[] node =
        new Message()
            .text(1, "rows")
            .text(1, "weights")
            .text(2, "products")
            .text(4, "MatMulInteger")
            .bytes();
    byte[] initializer =
        new Message()
            .number(1, inner)
            .number(1, columns)
            .number(2, INT8)
            .text(8, "weights")
            .part(9, weights)
            .bytes();
    byte[] graph =
        new Message()
            .part(1, node)
            .text(2, "probe")
            .part(5, initializer)
            .part(11, value("rows", UINT8, rows, inner))
            .part(12, value("products", INT32, rows, columns))
            .bytes();
    return new Message()
        .number(1, IR_VERSION)
        .part(7, graph)
        .part(8, new Message().number(2, OPSET).bytes())
        .bytes();
  }

  private static byte[] value(String name, int elementType, int... sizes) {
    Message shape = new Message();
    for (int size : sizes) {
      shape.part(1, new Message().number(1, size).bytes());
    }
    byte[] tensor = new Message().number(1, elementType).part(2, shape.bytes()).bytes();
    byte[] type = new Message().part(1, tensor).bytes();
    return new Message().text(1, name).part(2, type).bytes();
  }

  /** Writes the fields of a message in <a href="https://protobuf.dev">Protocol Buffers</a>. */
  private static final class Message {
    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message number(int field, int value) {
      varint((field << 3) | VARINT);
      varint(value);
      return this;
    }

    Message part(int field, byte[] value) {
      varint((field << 3) | LENGTH_DELIMITED);
      varint(value.length);
      out.writeBytes(value);
      return this;
    }

    Message text(int field, String value) {
      return part(field, value.getBytes(StandardCharsets.UTF_8));
    }

    byte[] bytes() {
      return out.toByteArray();
    }

    private void varint(int value) {
      int rest = value;
      while (rest > 0x7f) {
        out.write((rest & 0x7f) | 0x80);
        rest >>>= 7;
      }
      out.write(rest);
    }
  }
}
