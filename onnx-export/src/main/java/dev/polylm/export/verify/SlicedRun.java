package dev.polylm.export.verify;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.polylm.PolyLmException;
import dev.polylm.export.onnx.OnnxWriter;
import dev.polylm.export.onnx.SlicedModel;
import dev.polylm.internal.model.TensorNames;
import dev.polylm.internal.unpacked.OnnxRuntimeLibrary;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Runs a graph a slice at a time: all runs of a slice, then the next slice. */
final class SlicedRun implements AutoCloseable {
  private final OrtEnvironment environment = OnnxRuntimeLibrary.environment();
  private final Path folder;
  private final int threads;
  private final SlicedModel model;
  private final GraphInputs inputs;
  private final @Nullable GraphInputs more;

  /** By run: all tensors that are still needed, whether they were given or computed. */
  private final List<Map<String, OnnxTensor>> values = new ArrayList<>();

  /**
   * @param folder holds the graph's two files
   * @param sliceBytes the bytes of a slice's weights, which the runtime holds twice: as in the
   *     file, and packed
   * @param more sequences that are read in a separate run after the others, null for none
   */
  SlicedRun(
      Path folder, long sliceBytes, int threads, GraphInputs inputs, @Nullable GraphInputs more) {
    this.folder = folder;
    this.threads = threads;
    this.inputs = inputs;
    this.more = more;
    this.model = SlicedModel.read(folder.resolve(OnnxWriter.MODEL), sliceBytes);
  }

  /** Returns how many slices there are. */
  int slices() {
    return model.size();
  }

  /**
   * Runs the graph on consecutive ranges of positions, each with the cache of the one before.
   *
   * @param ends one past the last position of each run
   * @param progress gets the number of slices that are done
   * @return the logits of each run, [rows * vocabSize]; those of the separate run come last
   * @throws PolyLmException if the graph can't be loaded or run
   */
  List<FloatBuffer> logits(List<Integer> ends, IntConsumer progress) {
    try {
      int from = 0;
      for (int end : ends) {
        values.add(new HashMap<>(inputs.run(model.inputs(), from, end)));
        from = end;
      }
      if (more != null) {
        values.add(new HashMap<>(more.run(model.inputs(), 0, more.length())));
      }
      for (int slice = 0; slice < model.size(); slice++) {
        run(slice);
        progress.accept(slice + 1);
      }
      List<FloatBuffer> logits = new ArrayList<>();
      for (Map<String, OnnxTensor> run : values) {
        logits.add(
            Objects.requireNonNull(run.get(TensorNames.LOGITS), TensorNames.LOGITS)
                .getFloatBuffer());
      }
      return logits;
    } catch (OrtException e) {
      throw new PolyLmException("the exported graph can't be run: %s".formatted(e.getMessage()), e);
    }
  }

  private void run(int slice) throws OrtException {
    Map<String, String> types = new HashMap<>();
    for (String input : model.inputs(slice)) {
      OnnxTensor value = values.get(0).get(input);
      types.put(input, value == null ? model.type(input) : value.getInfo().type.name());
    }
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setCPUArenaAllocator(false);
      options.addConfigEntry(
          "session.model_external_initializers_file_folder_path", folder.toString());
      try (OrtSession session = environment.createSession(model.model(slice, types), options)) {
        for (int run = 0; run < values.size(); run++) {
          run(session, slice, run);
        }
      }
    }
    forget(slice);
  }

  private void run(OrtSession session, int slice, int run) throws OrtException {
    Map<String, OnnxTensor> known = values.get(run);
    Map<String, OnnxTensor> given = new HashMap<>();
    for (String input : model.inputs(slice)) {
      OnnxTensor value = known.get(input);
      if (value == null) {
        value = past(input, run);
        known.put(input, value);
      }
      given.put(input, value);
    }
    // Not closed as a whole: each tensor is closed once no slice needs it any more.
    OrtSession.Result result = session.run(given, model.outputs(slice));
    for (Map.Entry<String, OnnxValue> output : result) {
      known.put(output.getKey(), (OnnxTensor) output.getValue());
    }
  }

  /**
   * Returns the cache that a run begins with, which is the one that the previous run ended with.
   */
  private OnnxTensor past(String input, int run) throws OrtException {
    GraphInputs first = run == 0 ? inputs : run == values.size() - 1 ? more : null;
    if (first != null) {
      return first.firstPast(model.inputs(), model.type(input));
    }
    String present = TensorNames.presentOf(input);
    Map<String, OnnxTensor> before = values.get(run - 1);
    return Objects.requireNonNull(before.remove(present), present);
  }

  /** Frees the tensors that no later slice needs. */
  private void forget(int slice) {
    Set<String> needed = new HashSet<>(Set.of(TensorNames.LOGITS));
    for (int later = slice + 1; later < model.size(); later++) {
      needed.addAll(model.inputs(later));
    }
    for (Map<String, OnnxTensor> run : values) {
      run.entrySet()
          .removeIf(
              value -> {
                if (needed.contains(value.getKey())) {
                  return false;
                }
                value.getValue().close();
                return true;
              });
    }
  }

  @Override
  public void close() {
    values.forEach(run -> run.values().forEach(OnnxTensor::close));
    values.clear();
  }
}
