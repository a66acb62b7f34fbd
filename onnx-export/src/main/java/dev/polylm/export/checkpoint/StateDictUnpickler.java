package dev.polylm.export.checkpoint;

import dev.polylm.PolyLmException;
import dev.polylm.export.untrusted.Shown;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleUtils;
import net.razorvine.pickle.Unpickler;
import org.jspecify.annotations.Nullable;

/**
 * Reads the pickle of a state dict, and nothing else: the opcodes that torch.save needs for names,
 * numbers, tuples, dicts and tensors, and the globals of {@link TorchGlobals}. No class is looked
 * up, and nothing of a pickle is run. Containers are never hashed, compared or shown, so those that
 * hold themselves do no harm.
 */
final class StateDictUnpickler extends Unpickler {
  /** Bounds the heap: an opcode adds at most some 100 bytes. A tensor takes about 30 opcodes. */
  private static final int MAX_OPCODES = 1_000_000;

  private static final int STORAGE_PERSISTENT_ID_SIZE = 5;

  private final String file;
  private final BoundedInput bytes;
  private final int size;
  private int opcodes;

  /** The pickle, which can tell whether a length that it claims is there. */
  private static final class BoundedInput extends ByteArrayInputStream {
    BoundedInput(byte[] content) {
      super(content);
    }

    /** The next four bytes as a length, not consumed. */
    int peekLength() throws IOException {
      mark(0);
      int length = PickleUtils.bytes_to_integer(PickleUtils.readbytes(this, 4));
      reset();
      return length;
    }
  }

  private StateDictUnpickler(String file, byte[] pickle) {
    this.file = file;
    this.bytes = new BoundedInput(pickle);
    this.size = pickle.length;
  }

  /**
   * Reads a state dict's tensors by name.
   *
   * @throws PolyLmException where the pickle is broken, or holds anything but tensors by name
   */
  static Map<String, TorchTensor> load(String file, byte[] pickle) {
    StateDictUnpickler unpickler = new StateDictUnpickler(file, pickle);
    try {
      return unpickler.stateDict(unpickler.load(unpickler.bytes));
    } catch (PolyLmException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // A stack that is too short or holds another type shows as an unchecked exception.
      throw new PolyLmException(
          "%s: the pickle is broken before byte %d: %s"
              .formatted(file, unpickler.position(), Shown.of(String.valueOf(e.getMessage()))),
          e);
    }
  }

  private Map<String, TorchTensor> stateDict(@Nullable Object value) {
    if (!(value instanceof Map<?, ?> dict)) {
      throw bad("holds " + kind(value) + ", expected a dict of tensors");
    }
    Map<String, TorchTensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : dict.entrySet()) {
      String name = Untrusted.tensorName(file, (String) entry.getKey());
      if (!(entry.getValue() instanceof TorchTensor tensor)) {
        throw bad("holds " + kind(entry.getValue()) + " named " + name + ", expected a tensor");
      }
      tensors.put(name, tensor);
    }
    return tensors;
  }

  @Override
  protected Object dispatch(short key) throws IOException {
    if (++opcodes > MAX_OPCODES) {
      throw bad("has more than " + MAX_OPCODES + " opcodes");
    }
    return switch (key) {
      case Opcodes.PROTO,
          Opcodes.FRAME,
          Opcodes.MARK,
          Opcodes.STOP,
          Opcodes.NONE,
          Opcodes.NEWTRUE,
          Opcodes.NEWFALSE,
          Opcodes.BININT,
          Opcodes.BININT1,
          Opcodes.BININT2,
          Opcodes.LONG1,
          Opcodes.BINFLOAT,
          Opcodes.SHORT_BINUNICODE,
          Opcodes.EMPTY_TUPLE,
          Opcodes.TUPLE,
          Opcodes.TUPLE1,
          Opcodes.TUPLE2,
          Opcodes.TUPLE3,
          Opcodes.EMPTY_DICT,
          Opcodes.BINPUT,
          Opcodes.LONG_BINPUT,
          Opcodes.MEMOIZE,
          Opcodes.BINGET,
          Opcodes.LONG_BINGET,
          Opcodes.BINPERSID ->
          super.dispatch(key);
      case Opcodes.BINUNICODE -> {
        checkLength();
        yield super.dispatch(key);
      }
      default -> build(key);
    };
  }

  /** The opcodes whose general form could name, call or hash anything. */
  private Object build(short key) throws IOException {
    switch (key) {
      case Opcodes.GLOBAL -> stack.add(readGlobal());
      case Opcodes.STACK_GLOBAL -> {
        String name = (String) stack.pop();
        stack.add(TorchGlobals.find(file, (String) stack.pop(), name));
      }
      case Opcodes.REDUCE -> {
        Object[] arguments = (Object[]) stack.pop();
        stack.add(TorchGlobals.call(file, stack.pop(), arguments));
      }
      case Opcodes.BUILD -> ignoreState();
      case Opcodes.SETITEM -> {
        Object value = stack.pop();
        setItems(Arrays.asList(stack.pop(), value));
      }
      case Opcodes.SETITEMS -> setItems(stack.pop_all_since_marker());
      case Opcodes.INST -> throw bad("makes an instance of " + readGlobal() + ", expected tensors");
      default ->
          throw bad(
              "has the opcode 0x%02x at byte %d, which no state dict needs; refused"
                  .formatted(key, position() - 1));
    }
    return NO_RETURN_VALUE;
  }

  private int position() {
    return size - bytes.available();
  }

  private void checkLength() throws IOException {
    int length = bytes.peekLength();
    if (length < 0 || length > bytes.available()) {
      throw bad(
          "claims a text of "
              + Integer.toUnsignedString(length)
              + " bytes, but "
              + bytes.available()
              + " are left");
    }
  }

  private Object readGlobal() throws IOException {
    String module = PickleUtils.readline(input);
    return TorchGlobals.find(file, module, PickleUtils.readline(input));
  }

  /** A state dict's only state is {@code _metadata}, the versions of PyTorch's modules. */
  private void ignoreState() {
    stack.pop();
    if (!(stack.peek() instanceof LinkedHashMap)) {
      throw bad("sets the state of " + kind(stack.peek()) + ", expected only that of the dict");
    }
  }

  private void setItems(List<Object> keysAndValues) {
    @SuppressWarnings("unchecked") // every map on the stack was made with keys of any type
    Map<Object, Object> dict = (Map<Object, Object>) stack.peek();
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      if (!(keysAndValues.get(i) instanceof String name)) {
        throw bad("has " + kind(keysAndValues.get(i)) + " as a key, expected a text");
      }
      if (dict.containsKey(name)) {
        throw bad("names " + Shown.of(name) + " twice");
      }
      dict.put(name, keysAndValues.get(i + 1));
    }
  }

  /** Resolves {@code ("storage", class, key, location, elements)}; the location is a device. */
  @Override
  protected Object persistentLoad(Object id) {
    Object[] parts = id instanceof Object[] tuple ? tuple : new Object[0];
    if (parts.length != STORAGE_PERSISTENT_ID_SIZE || !"storage".equals(parts[0])) {
      throw bad("has a persistent id of another form than (storage, class, key, location, size)");
    }
    return TorchGlobals.storage(file, parts[1], parts[2], parts[4]);
  }

  private PolyLmException bad(String what) {
    return new PolyLmException(file + ": the pickle " + what);
  }

  /** What a value is, in a word; never the value, which may hold itself. */
  static String kind(@Nullable Object value) {
    if (value instanceof Object[] tuple) {
      return "a tuple of " + tuple.length;
    }
    if (value instanceof Map) {
      return "a dict";
    }
    if (value instanceof Number) {
      return "a number";
    }
    if (value instanceof String) {
      return "a text";
    }
    return value instanceof TorchTensor ? "a tensor" : "something else";
  }
}
