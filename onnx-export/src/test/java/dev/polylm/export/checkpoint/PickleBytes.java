package dev.polylm.export.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import net.razorvine.pickle.Opcodes;

/** Writes a pickle opcode by opcode, valid or not. */
public final class PickleBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  public PickleBytes() {
    op(Opcodes.PROTO).raw(2);
  }

  /** A tensor of a state dict, ready to be set under a name that was written before. */
  public PickleBytes tensor(
      String storageClass, String key, long size, long offset, long... shape) {
    long[] strides = new long[shape.length];
    long step = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = step;
      step *= shape[i];
    }
    return tensor(storageClass, key, size, offset, shape, strides);
  }

  public PickleBytes tensor(
      String storageClass, String key, long size, long offset, long[] shape, long[] strides) {
    global("torch._utils", "_rebuild_tensor_v2").op(Opcodes.MARK);
    op(Opcodes.MARK)
        .text("storage")
        .global("torch", storageClass)
        .text(key)
        .text("cpu")
        .number(size);
    op(Opcodes.TUPLE).op(Opcodes.BINPERSID).number(offset).tuple(shape).tuple(strides);
    op(Opcodes.NEWFALSE).global("collections", "OrderedDict").op(Opcodes.EMPTY_TUPLE);
    return op(Opcodes.REDUCE).op(Opcodes.TUPLE).op(Opcodes.REDUCE);
  }

  public PickleBytes tuple(long... numbers) {
    op(Opcodes.MARK);
    for (long number : numbers) {
      number(number);
    }
    return op(Opcodes.TUPLE);
  }

  public PickleBytes number(long number) {
    op(Opcodes.LONG1).raw(8);
    return raw(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array());
  }

  public PickleBytes text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return op(Opcodes.BINUNICODE).length(bytes.length).raw(bytes);
  }

  public PickleBytes length(int length) {
    return raw(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(length).array());
  }

  public PickleBytes global(String module, String name) {
    return op(Opcodes.GLOBAL).raw((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
  }

  public PickleBytes op(short opcode) {
    return raw(opcode);
  }

  public PickleBytes raw(int singleByte) {
    out.write(singleByte);
    return this;
  }

  public PickleBytes raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /** The pickle, ended. */
  public byte[] stop() {
    return op(Opcodes.STOP).unended();
  }

  byte[] unended() {
    return out.toByteArray();
  }
}
