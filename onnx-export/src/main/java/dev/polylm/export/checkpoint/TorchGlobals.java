package dev.polylm.export.checkpoint;

import dev.polylm.PolyLmException;
import dev.polylm.export.tensor.ElementType;
import dev.polylm.internal.untrusted.Quoted;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The only names of Python that a pickle may use, and what represents each of them here: an element
 * type for a storage class, a {@link Function} for a function. The functions' arguments follow
 * https://github.com/pytorch/pytorch/blob/v2.7.0/torch/_utils.py.
 */
final class TorchGlobals {
  private static final Map<String, Object> ALLOWED =
      Map.ofEntries(
          Map.entry("collections.OrderedDict", Function.ORDERED_DICT),
          Map.entry("torch._utils._rebuild_tensor_v2", Function.TENSOR),
          Map.entry("torch._utils._rebuild_tensor_v3", Function.TENSOR_OF_TYPE),
          Map.entry("torch._utils._rebuild_parameter", Function.PARAMETER),
          Map.entry("torch.storage.UntypedStorage", ElementType.U8),
          Map.entry("torch.uint16", ElementType.U16),
          Map.entry("torch.uint32", ElementType.U32),
          Map.entry("torch.uint64", ElementType.U64),
          Map.entry("torch.float8_e4m3fn", ElementType.F8_E4M3),
          Map.entry("torch.float8_e5m2", ElementType.F8_E5M2),
          Map.entry("torch.float8_e8m0fnu", ElementType.F8_E8M0),
          Map.entry("torch.float8_e4m3fnuz", ElementType.F8_E4M3FNUZ),
          Map.entry("torch.float8_e5m2fnuz", ElementType.F8_E5M2FNUZ),
          Map.entry("torch.ComplexFloatStorage", ElementType.C64),
          Map.entry("torch.FloatStorage", ElementType.F32),
          Map.entry("torch.HalfStorage", ElementType.F16),
          Map.entry("torch.BFloat16Storage", ElementType.BF16),
          Map.entry("torch.DoubleStorage", ElementType.F64),
          Map.entry("torch.LongStorage", ElementType.I64),
          Map.entry("torch.IntStorage", ElementType.I32),
          Map.entry("torch.ShortStorage", ElementType.I16),
          Map.entry("torch.CharStorage", ElementType.I8),
          Map.entry("torch.ByteStorage", ElementType.U8),
          Map.entry("torch.BoolStorage", ElementType.BOOL));

  /** _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks[, metadata]). */
  private static final int TENSOR_ARGUMENTS = 6;

  /** _rebuild_tensor_v3, for a storage of bytes, has the type between hooks and metadata. */
  private static final int TYPE_ARGUMENT = 6;

  /** _rebuild_parameter(tensor, requires_grad, hooks). */
  private static final int PARAMETER_ARGUMENTS = 3;

  private enum Function {
    ORDERED_DICT,
    TENSOR,
    TENSOR_OF_TYPE,
    PARAMETER
  }

  private TorchGlobals() {}

  /** Returns what represents a global. One that isn't allowed is refused by name. */
  static Object find(String file, String module, String name) {
    Object global = ALLOWED.get(module + "." + name);
    if (global == null) {
      throw new PolyLmException(
          "%s: pickle names %s, which is not part of a tensor; refused"
              .formatted(file, Quoted.of(module + "." + name)));
    }
    return global;
  }

  /** Returns the result of calling a global. */
  static Object call(String file, @Nullable Object global, Object[] arguments) {
    if (global == Function.ORDERED_DICT && arguments.length == 0) {
      return new LinkedHashMap<>();
    }
    if (global == Function.PARAMETER
        && arguments.length == PARAMETER_ARGUMENTS
        && arguments[0] instanceof TorchTensor tensor) {
      return tensor;
    }
    if (global == Function.TENSOR
        && (arguments.length == TENSOR_ARGUMENTS || arguments.length == TENSOR_ARGUMENTS + 1)
        && arguments[0] instanceof TorchTensor.Storage storage) {
      return tensor(file, storage, arguments);
    }
    if (global == Function.TENSOR_OF_TYPE
        && (arguments.length == TENSOR_ARGUMENTS + 1 || arguments.length == TENSOR_ARGUMENTS + 2)
        && arguments[0] instanceof TorchTensor.Storage bytes
        && arguments[TYPE_ARGUMENT] instanceof ElementType type) {
      long elements = bytes.elements() * bytes.type().bytes() / type.bytes();
      return tensor(file, new TorchTensor.Storage(type, bytes.key(), elements), arguments);
    }
    throw new PolyLmException(
        "%s: the pickle calls %s with %s arguments, expected a call that rebuilds a tensor"
            .formatted(
                file,
                global instanceof Function ? global : StateDictUnpickler.kind(global),
                arguments.length));
  }

  private static TorchTensor tensor(String file, TorchTensor.Storage storage, Object[] arguments) {
    return new TorchTensor(
        storage,
        integer(file, "storage offset", arguments[1]),
        integers(file, "shape", arguments[2]),
        integers(file, "strides", arguments[3]));
  }

  /** Returns the storage that a persistent id names. */
  static TorchTensor.Storage storage(
      String file, @Nullable Object type, @Nullable Object key, @Nullable Object elements) {
    if (!(type instanceof ElementType elementType) || !(key instanceof String name)) {
      throw new PolyLmException(
          "%s: the pickle has a storage of %s with %s as key, expected a storage class and a text"
              .formatted(file, StateDictUnpickler.kind(type), StateDictUnpickler.kind(key)));
    }
    return new TorchTensor.Storage(elementType, name, integer(file, "storage size", elements));
  }

  private static List<Long> integers(String file, String what, @Nullable Object value) {
    // Checked here, since one long tuple could be the shape of every tensor.
    if (!(value instanceof Object[] tuple) || tuple.length > Untrusted.MAX_DIMENSIONS) {
      throw new PolyLmException(
          "%s: a tensor's %s is %s, expected a tuple of up to %s"
              .formatted(file, what, StateDictUnpickler.kind(value), Untrusted.MAX_DIMENSIONS));
    }
    List<Long> integers = new ArrayList<>();
    for (Object element : tuple) {
      integers.add(integer(file, what, element));
    }
    return integers;
  }

  private static long integer(String file, String what, @Nullable Object value) {
    if (value instanceof Integer || value instanceof Long) {
      return ((Number) value).longValue();
    }
    throw new PolyLmException(
        "%s: a tensor's %s is %s, expected a whole number"
            .formatted(file, what, StateDictUnpickler.kind(value)));
  }
}
