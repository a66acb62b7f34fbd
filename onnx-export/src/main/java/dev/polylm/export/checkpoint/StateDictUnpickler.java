package dev.polylm.export.checkpoint;

import dev.polylm.PolyLmException;
import dev.polylm.internal.untrusted.Quoted;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleUtils;
import net.razorvine.pickle.Unpickler;
import org.jspecify.annotations.Nullable;

/**
 * Reads a pickle of a state dict, and nothing else: the opcodes that torch.save needs for names,
 * numbers, tuples, dicts and tensors, and the globals of {@link TorchGlobals}. It looks up no class
 * and runs nothing of a pickle. It never hashes, compares or prints containers, so a container that
 * holds itself does no harm.
 */
final class StateDictUnpickler extends Unpickler {
  /** Limits the heap: an opcode adds at most some 100 bytes. A tensor takes about 30 opcodes. */
  private static final int MAX_OPCODES = 1_000_000;

  private static final int STORAGE_PERSISTENT_ID_SIZE = 5;

  private static final Set<Short> LIST_OPCODES =
      Set.of(Opcodes.EMPTY_LIST, Opcodes.APPEND, Opcodes.APPENDS);

  private final String file;
  private final PickleInput bytes;
  private final boolean lists;
  private final Map<String, TorchTensor.Storage> storages = new HashMap<>();
  private int opcodes;

  private StateDictUnpickler(String file, PickleInput bytes, boolean lists) {
    this.file = file;
    this.bytes = bytes;
    this.lists = lists;
  }

  /**
   * The contents of a pickle.
   *
   * @param value a tree of what {@link #dispatch} lets through
   * @param storages by key, those that the pickle names
   */
  record Pickle(String file, @Nullable Object value, Map<String, TorchTensor.Storage> storages) {

    Map<?, ?> dict() {
      if (value instanceof Map<?, ?> dict) {
        return dict;
      }
      throw new PolyLmException(
          "%s: the pickle holds %s, expected a dict".formatted(file, kind(value)));
    }

    /**
     * Returns the tensors by name.
     *
     * @throws PolyLmException if the pickle holds anything else
     */
    Map<String, TorchTensor> stateDict() {
      if (!(value instanceof Map<?, ?> dict)) {
        throw new PolyLmException(
            "%s: the pickle holds %s, expected a dict of tensors".formatted(file, kind(value)));
      }
      Map<String, TorchTensor> tensors = new LinkedHashMap<>();
      for (Map.Entry<?, ?> entry : dict.entrySet()) {
        String name = Untrusted.tensorName(file, (String) entry.getKey());
        if (!(entry.getValue() instanceof TorchTensor tensor)) {
          throw new PolyLmException(
              "%s: the pickle holds %s named %s, expected a tensor"
                  .formatted(file, kind(entry.getValue()), name));
        }
        tensors.put(name, tensor);
      }
      return tensors;
    }
  }

  /**
   * Reads the next pickle.
   *
   * @throws PolyLmException if the pickle is broken, or holds what no state dict needs
   */
  static Pickle load(String file, PickleInput input) {
    return new StateDictUnpickler(file, input, false).load();
  }

  /**
   * Reads the next pickle, a list of texts.
   *
   * @throws PolyLmException if the pickle is broken or anything else
   */
  static List<String> loadKeys(String file, PickleInput input) {
    Object value = new StateDictUnpickler(file, input, true).load().value();
    if (!(value instanceof List<?> list) || !list.stream().allMatch(String.class::isInstance)) {
      throw new PolyLmException(
          "%s: the pickle holds %s, expected a list of texts".formatted(file, kind(value)));
    }
    return list.stream().map(String.class::cast).toList();
  }

  private Pickle load() {
    try {
      return new Pickle(file, load(bytes), storages);
    } catch (PolyLmException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // If the stack is too short or holds another type, an unchecked exception is thrown.
      throw new PolyLmException(
          "%s: the pickle is broken before byte %s: %s"
              .formatted(file, bytes.position(), Quoted.of(String.valueOf(e.getMessage()))),
          e);
    }
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

  /** The opcodes that in general could name, call or hash anything. */
  private Object build(short key) throws IOException {
    if (lists && LIST_OPCODES.contains(key)) {
      return super.dispatch(key);
    }
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
              String.format(
                  Locale.ROOT,
                  "has the opcode 0x%02x at byte %d, which no state dict needs; refused",
                  key,
                  bytes.position() - 1));
    }
    return NO_RETURN_VALUE;
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
        throw bad("names " + Quoted.of(name) + " twice");
      }
      dict.put(name, keysAndValues.get(i + 1));
    }
  }

  /**
   * Resolves {@code ("storage", class, key, location, elements)}; the location is a device. Files
   * from before PyTorch 1.6 have a sixth part, a view of another storage, which must be None.
   */
  @Override
  protected Object persistentLoad(Object id) {
    Object[] parts = id instanceof Object[] tuple ? tuple : new Object[0];
    boolean isLegacy = parts.length == STORAGE_PERSISTENT_ID_SIZE + 1 && parts[5] == null;
    if ((parts.length != STORAGE_PERSISTENT_ID_SIZE && !isLegacy) || !"storage".equals(parts[0])) {
      throw bad("has a persistent id of another form than (storage, class, key, location, size)");
    }
    TorchTensor.Storage storage = TorchGlobals.storage(file, parts[1], parts[2], parts[4]);
    storages.putIfAbsent(storage.key(), storage);
    return storage;
  }

  private PolyLmException bad(String what) {
    return new PolyLmException(file + ": the pickle " + what);
  }

  /** Returns the kind of a value in a word. It never shows the value, which may hold itself. */
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
    if (value instanceof List) {
      return "a list";
    }
    return value instanceof TorchTensor ? "a tensor" : "something else";
  }
}
