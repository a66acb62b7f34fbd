package dev.polylm.internal.runtime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import dev.polylm.Placement;
import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.internal.device.DeviceSettings;
import dev.polylm.internal.device.NodePlaces;
import dev.polylm.internal.device.OpenSession;
import dev.polylm.internal.device.Sessions;
import dev.polylm.internal.model.TensorNames;
import dev.polylm.model.AdapterFacts;
import dev.polylm.model.GraphKind;
import dev.polylm.model.ModelDimensions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A loaded graph: the weights, without any state of conversations.
 *
 * <p>Thread-safe. The owner closes it after the last run of its states.
 */
public final class Decoder implements AutoCloseable {
  /**
   * How finely ONNX Runtime splits a product among its threads. Towards the end of a product the
   * parts get smaller, so that no thread waits long for another.
   */
  private static final String DYNAMIC_BLOCK_BASE = "4";

  /** The largest number of ids that one run reads. */
  public static final int MAX_RUN_IDS = PolyLmOptions.MAX_PROMPT_CHUNK;

  /** Graphs with INT8 quantize their cache by their own scales. */
  private static final List<OnnxJavaType> CACHE_TYPES =
      List.of(OnnxJavaType.FLOAT, OnnxJavaType.FLOAT16, OnnxJavaType.INT8);

  private final OpenSession session;
  private final CacheMemory memory;
  private final @Nullable AdapterTable adapters; // null if the graph takes none
  private final Placement placement;
  private final ModelDimensions dimensions;
  private final GraphKind kind;
  private final OnnxJavaType cacheType;
  private final boolean hiddenStates;

  private Decoder(
      OpenSession session,
      CacheMemory memory,
      @Nullable AdapterTable adapters,
      Placement placement,
      ModelDimensions dimensions,
      GraphKind kind,
      OnnxJavaType cacheType,
      boolean hiddenStates) {
    this.session = session;
    this.memory = memory;
    this.adapters = adapters;
    this.placement = placement;
    this.dimensions = dimensions;
    this.kind = kind;
    this.cacheType = cacheType;
    this.hiddenStates = hiddenStates;
  }

  /**
   * Loads a graph. The first call also loads ONNX Runtime.
   *
   * @param graph the path of model.onnx, which has its external data beside it
   * @param adapters what the graph allows of adapters, or null if it takes none
   * @throws PolyLmException if ONNX Runtime, the device or the graph can't be used, or the names
   *     and shapes of its inputs and outputs are not those of a decoder of these dimensions
   */
  public static Decoder open(
      Path graph,
      ModelDimensions dimensions,
      @Nullable AdapterFacts adapters,
      DeviceSettings device,
      int threads) {
    try {
      OpenSession session = Sessions.open(graph, device, options -> setUp(options, threads));
      try {
        return of(graph, dimensions, adapters, session);
      } catch (OrtException | RuntimeException e) {
        session.session().close();
        throw e;
      }
    } catch (OrtException e) {
      throw new PolyLmException(
          "%s: can't be loaded: %s".formatted(graph.getFileName(), e.getMessage()), e);
    }
  }

  private static void setUp(SessionOptions options, int threads) throws OrtException {
    if (threads > 0) {
      options.setIntraOpNumThreads(threads);
    }
    options.addConfigEntry("session.dynamic_block_base", DYNAMIC_BLOCK_BASE);
  }

  private static Decoder of(
      Path graph, ModelDimensions dimensions, @Nullable AdapterFacts adapters, OpenSession opened)
      throws OrtException {
    OrtSession session = opened.session();
    String name = String.valueOf(graph.getFileName());
    GraphKind kind = kind(graph, session, dimensions, adapters);
    GraphShapes.check(name, session, dimensions, kind);
    AdapterTable table =
        adapters == null
            ? null
            : new AdapterTable(
                GraphShapes.ofAdapters(name, session, dimensions, adapters.head()), adapters);
    boolean hiddenStates = session.getOutputNames().contains(TensorNames.LAST_HIDDEN_STATE);
    SortedMap<String, Integer> onCpu =
        opened.device().isCpu() ? new TreeMap<>() : NodePlaces.onCpu(session);
    CacheMemory memory =
        CacheMemories.of(opened, kind, table != null, dimensions.vocabSize(), onCpu.keySet());
    Placement placement =
        new Placement(opened.device().toString(), memory.device(), onCpu, opened.fallback());
    return new Decoder(
        opened,
        memory,
        table,
        placement,
        dimensions,
        kind,
        cacheType(graph, session),
        hiddenStates);
  }

  private static GraphKind kind(
      Path graph, OrtSession session, ModelDimensions dimensions, @Nullable AdapterFacts adapters)
      throws OrtException {
    Set<String> inputs = new TreeSet<>(session.getInputNames());
    Set<String> outputs = new TreeSet<>(session.getOutputNames());
    Set<String> expectedOutputs = new TreeSet<>(TensorNames.outputs(dimensions.layers()));
    for (GraphKind kind : GraphKind.values()) {
      Set<String> cacheAndLogits = new TreeSet<>(outputs);
      if (kind == GraphKind.FUSED) {
        cacheAndLogits.remove(TensorNames.LAST_HIDDEN_STATE); // older graphs don't have it
      }
      Set<String> expectedInputs = inputs(kind, dimensions, adapters);
      if (inputs.equals(expectedInputs) && cacheAndLogits.equals(expectedOutputs)) {
        return kind;
      }
    }
    throw new PolyLmException(
        "%s: has inputs %s and outputs %s, expected %s and %s"
            .formatted(
                graph.getFileName(),
                inputs,
                outputs,
                inputs(GraphKind.FUSED, dimensions, adapters),
                expectedOutputs));
  }

  private static Set<String> inputs(
      GraphKind kind, ModelDimensions dimensions, @Nullable AdapterFacts adapters) {
    Set<String> inputs = new TreeSet<>(TensorNames.inputs(kind, dimensions.layers()));
    if (adapters != null) {
      inputs.addAll(TensorNames.adapterInputs(dimensions.layers(), adapters.head()));
    }
    return inputs;
  }

  /** Returns the type of the cached keys and values, which is the same for all layers. */
  private static OnnxJavaType cacheType(Path graph, OrtSession session) throws OrtException {
    String name = TensorNames.past(0, true);
    NodeInfo past = Objects.requireNonNull(session.getInputInfo().get(name), name);
    if (past.getInfo() instanceof TensorInfo tensor && CACHE_TYPES.contains(tensor.type)) {
      return tensor.type;
    }
    throw new PolyLmException(
        "%s: input %s is %s, expected a tensor of one of %s"
            .formatted(graph.getFileName(), name, past.getInfo(), CACHE_TYPES));
  }

  public ModelDimensions dimensions() {
    return dimensions;
  }

  /** Returns the places of the adapters, or null if the graph takes none. */
  public @Nullable AdapterTable adapters() {
    return adapters;
  }

  /** Returns where the graph runs. */
  public Placement placement() {
    return placement;
  }

  /**
   * Returns how many bytes are free for keys and values, if they are in a device's own memory; none
   * if they are in the host's.
   */
  public OptionalLong freeMemory() {
    return memory.free();
  }

  /**
   * Returns the size in bytes of an element of the cached keys and values. With a portable graph a
   * run needs the cache twice, because it returns a new one.
   */
  public int cacheElementBytes() {
    return (kind == GraphKind.FUSED ? 1 : 2) * cacheType.size;
  }

  /**
   * Checks that runs can give the last hidden states.
   *
   * @throws PolyLmException if the graph doesn't have them
   */
  public void checkHiddenStates() {
    if (!hiddenStates) {
      throw new PolyLmException(
          kind == GraphKind.PORTABLE
              ? "the model's graph is portable and gives no hidden states, which embeddings need: export it as a fused graph"
              : "an older exporter wrote the model's graph, which gives no hidden states; embeddings need them: export the checkpoint again");
    }
  }

  /**
   * Makes empty rows. Close them before the decoder.
   *
   * @param rows the number of sequences, at least 1
   * @param capacity the number of positions of each, from 1 to the context length
   * @param logitsRows the number of rows of logits that a run must be able to give, at least rows
   * @throws PolyLmException if the machine does not have enough memory for the cache
   */
  public DecoderRows newRows(int rows, int capacity, int logitsRows) {
    if (rows < 1 || capacity < 1 || capacity > dimensions.contextLength()) {
      throw new IllegalArgumentException(
          "rows is %s and capacity is %s, expected at least 1 and at most %s positions"
              .formatted(rows, capacity, dimensions.contextLength()));
    }
    return new DecoderState(
        session, memory, adapters, dimensions, cacheType, rows, capacity, logitsRows);
  }

  /**
   * Reads keys and values that {@link CachedPrefix#writeTo} wrote for the same model without an
   * adapter.
   *
   * @param ids their ids, at least one
   * @throws PolyLmException if the machine does not have enough memory for them
   */
  public CachedPrefix readPrefix(int[] ids, InputStream in) throws IOException {
    KeyValueCache cache = new KeyValueCache(memory, dimensions, cacheType, 1, ids.length);
    try {
      cache.readFrom(in);
      return new StoredPrefix(ids.clone(), null, cache);
    } catch (IOException e) {
      cache.close();
      throw e;
    }
  }

  @Override
  public void close() {
    memory.close();
    if (adapters != null) {
      adapters.close();
    }
    try {
      session.session().close();
    } catch (OrtException e) {
      throw new PolyLmException("the session can't be closed: " + e.getMessage(), e);
    }
  }
}
