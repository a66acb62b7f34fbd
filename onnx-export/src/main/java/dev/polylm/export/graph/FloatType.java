package dev.polylm.export.graph;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.polylm.PolyLmException;
import java.nio.ByteBuffer;

/** The floats that a graph computes with. */
enum FloatType {
  FP32(DataType.FLOAT, Float.BYTES),
  FP16(DataType.FLOAT16, Short.BYTES);

  private final DataType type;
  private final int bytes;

  FloatType(DataType type, int bytes) {
    this.type = type;
    this.bytes = bytes;
  }

  DataType type() {
    return type;
  }

  int bytes() {
    return bytes;
  }

  /** The largest finite number. */
  float maxValue() {
    return this == FP32 ? Float.MAX_VALUE : 65504;
  }

  String typeName() {
    return this == FP32 ? "fp32" : "fp16";
  }

  /** Returns what turns a tensor's floats into bytes. */
  Encoder encoder(String name) {
    return this == FP32 ? new Fp32Encoder() : new Fp16Encoder(name);
  }

  /** Writes floats and records what they lose. */
  interface Encoder {
    /** Puts the first floats of a window into a buffer of their length, little-endian. */
    void encode(float[] window, int count, ByteBuffer target);

    /** Returns the square root of the squared errors over the squares of all floats so far. */
    double relativeError();
  }

  private static final class Fp32Encoder implements Encoder {
    @Override
    public void encode(float[] window, int count, ByteBuffer target) {
      target.asFloatBuffer().put(window, 0, count);
      target.position(count * Float.BYTES);
    }

    @Override
    public double relativeError() {
      return 0;
    }
  }

  private static final class Fp16Encoder implements Encoder {
    private final String name;
    private double squares;
    private double squaredErrors;

    Fp16Encoder(String name) {
      this.name = name;
    }

    @Override
    public void encode(float[] window, int count, ByteBuffer target) {
      for (int i = 0; i < count; i++) {
        float value = window[i];
        short half = Half.of(value);
        float back = Half.toFloat(half);
        if (Float.isInfinite(back) && !Float.isInfinite(value)) {
          throw new PolyLmException(
              "tensor %s holds %s, which fp16 can't: expected at most 65504 in size; export it as fp32"
                  .formatted(name, value));
        }
        double off = (double) back - value;
        squares += (double) value * value;
        squaredErrors += off * off;
        target.putShort(half);
      }
    }

    @Override
    public double relativeError() {
      return squaredErrors == 0 ? 0 : Math.sqrt(squaredErrors / squares);
    }
  }
}
