package dev.polylm.internal.device;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import dev.polylm.internal.device.OrtFunctions.Name;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads which execution provider runs the nodes of a session. */
public final class NodePlaces {
  static final String CPU = "CPUExecutionProvider";

  private NodePlaces() {}

  /**
   * Returns the types of the nodes that the CPU runs, with their numbers.
   *
   * @param session a session that was not opened for the CPU
   */
  public static SortedMap<String, Integer> onCpu(OrtSession session) throws OrtException {
    return of(session).getOrDefault(CPU, new TreeMap<>());
  }

  /** Returns the numbers of nodes by their types, by provider. */
  static SortedMap<String, SortedMap<String, Integer>> of(OrtSession session) throws OrtException {
    OrtFunctions functions = OrtFunctions.load();
    SortedMap<String, SortedMap<String, Integer>> places = new TreeMap<>();
    Pointer address = functions.address(session);
    for (Pointer subgraph : list(functions, Name.SESSION_NODES, address)) {
      String provider = text(functions, Name.SUBGRAPH_PROVIDER, subgraph);
      SortedMap<String, Integer> types = places.computeIfAbsent(provider, p -> new TreeMap<>());
      for (Pointer node : list(functions, Name.SUBGRAPH_NODES, subgraph)) {
        types.merge(text(functions, Name.NODE_TYPE, node), 1, Integer::sum);
      }
    }
    return places;
  }

  /** Calls a function that gives an array and its length, which both belong to the session. */
  private static Pointer[] list(OrtFunctions functions, Name name, Pointer of) throws OrtException {
    PointerByReference array = new PointerByReference();
    LongByReference length = new LongByReference();
    functions.call(name, of, array, length);
    return length.getValue() == 0
        ? new Pointer[0]
        : array.getValue().getPointerArray(0, Math.toIntExact(length.getValue()));
  }

  private static String text(OrtFunctions functions, Name name, Pointer of) throws OrtException {
    return functions.create(name, of).getString(0, "UTF-8");
  }
}
