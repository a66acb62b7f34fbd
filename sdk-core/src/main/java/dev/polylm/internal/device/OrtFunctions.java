package dev.polylm.internal.device;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import dev.polylm.PolyLmException;
import dev.polylm.internal.unpacked.OnnxRuntimeLibrary;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The functions of ONNX Runtime's C API that its Java classes don't offer, called through JNA.
 * Thread-safe.
 *
 * <p>Source of the numbers: struct OrtApi in onnxruntime_c_api.h. Functions are only ever added at
 * its end.
 */
public final class OrtFunctions {
  /** The first version of the API that has all of these functions: that of ONNX Runtime 1.24. */
  private static final int API_VERSION = 24;

  private static @Nullable OrtFunctions loaded; // guarded by the class

  /** A function of the API, which returns a status unless its name begins with RELEASE. */
  public enum Name {
    GET_ERROR_MESSAGE(2),
    CREATE_TENSOR_WITH_DATA(49),
    CREATE_MEMORY_INFO(68),
    RELEASE_STATUS(93),
    RELEASE_MEMORY_INFO(94),
    RELEASE_VALUE(96),
    RUN_WITH_BINDING(133),
    CREATE_IO_BINDING(134),
    RELEASE_IO_BINDING(135),
    BIND_INPUT(136),
    BIND_OUTPUT(137),
    SESSION_NODES(407),
    SUBGRAPH_PROVIDER(408),
    SUBGRAPH_NODES(409),
    NODE_TYPE(412);

    private final int index;

    Name(int index) {
      this.index = index;
    }
  }

  private final Map<Name, Function> functions = new EnumMap<>(Name.class);
  private final Field sessionHandle;

  private OrtFunctions(Pointer api) {
    for (Name name : Name.values()) {
      Pointer function = api.getPointer((long) name.index * Native.POINTER_SIZE);
      if (function == null) {
        throw unusable("the C function %s is missing".formatted(name.index), null);
      }
      functions.put(name, Function.getFunction(function));
    }
    this.sessionHandle = sessionHandle();
  }

  /**
   * Returns the functions.
   *
   * @throws PolyLmException if this ONNX Runtime has not all of them, or JNA can't be used
   */
  public static synchronized OrtFunctions load() {
    OrtFunctions functions = loaded;
    if (functions == null) {
      try {
        functions = new OrtFunctions(api(OnnxRuntimeLibrary.nativeLibrary()));
      } catch (LinkageError e) {
        throw unusable(String.valueOf(e.getMessage()), e);
      }
      loaded = functions;
    }
    return functions;
  }

  /** Reads the table of functions, by the two functions of struct OrtApiBase. */
  private static Pointer api(NativeLibrary library) {
    Pointer base = library.getFunction("OrtGetApiBase").invokePointer(new Object[0]);
    Pointer api =
        Function.getFunction(base.getPointer(0)).invokePointer(new Object[] {API_VERSION});
    if (api == null) {
      throw unusable("it is older than 1.%s".formatted(API_VERSION), null);
    }
    return api;
  }

  private static Field sessionHandle() {
    try {
      Field field = OrtSession.class.getDeclaredField("nativeHandle");
      field.setAccessible(true);
      if (field.getType() == long.class) {
        return field;
      }
      throw unusable("OrtSession.nativeHandle is a " + field.getType(), null);
    } catch (NoSuchFieldException | InaccessibleObjectException e) {
      throw unusable("OrtSession.nativeHandle can't be read: " + e.getMessage(), e);
    }
  }

  private static PolyLmException unusable(String reason, @Nullable Throwable cause) {
    return new PolyLmException(
        "this ONNX Runtime can't keep the cache on a GPU: %s; expected version 1.28.0, or device cpu"
            .formatted(reason),
        cause);
  }

  /** Returns the address of a session, which must not be closed while it is used. */
  public Pointer address(OrtSession session) {
    try {
      return new Pointer(sessionHandle.getLong(session));
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("the field was made accessible", e);
    }
  }

  /**
   * Calls a function that returns a status.
   *
   * @throws OrtException if the status is an error
   */
  public void call(Name name, @Nullable Object... arguments) throws OrtException {
    Pointer status = function(name).invokePointer(arguments);
    if (status != null) {
      String message =
          function(Name.GET_ERROR_MESSAGE)
              .invokePointer(new Object[] {status})
              .getString(0, "UTF-8");
      release(Name.RELEASE_STATUS, status);
      throw new OrtException(message);
    }
  }

  /**
   * Calls a function that returns a status and writes a pointer to its last argument.
   *
   * @param arguments all but the last
   */
  public Pointer create(Name name, Object... arguments) throws OrtException {
    PointerByReference created = new PointerByReference();
    Object[] all = Arrays.copyOf(arguments, arguments.length + 1);
    all[arguments.length] = created;
    call(name, all);
    return created.getValue();
  }

  /** Calls a function that frees something. */
  public void release(Name name, Pointer freed) {
    function(name).invokeVoid(new Object[] {freed});
  }

  private Function function(Name name) {
    return Objects.requireNonNull(functions.get(name));
  }
}
