package dev.polylm.internal.runtime;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The kinds of graphs that can run. Their inputs tell them apart. */
enum GraphKind {
  /** A graph that updates its cache in place, with ONNX Runtime's GroupQueryAttention. */
  FUSED,
  /** A graph of standard operators only. Each run returns a new cache. */
  PORTABLE;

  /** Returns the names of all inputs. */
  Set<String> inputs(int layers) {
    Set<String> names = new TreeSet<>(List.of(TensorNames.INPUT_IDS, TensorNames.POSITION_IDS));
    names.addAll(
        this == PORTABLE
            ? List.of(TensorNames.ATTENTION_MASK)
            : List.of(
                TensorNames.SEQLENS_K, TensorNames.TOTAL_SEQUENCE_LENGTH, TensorNames.LOGITS_ROWS));
    for (int layer = 0; layer < layers; layer++) {
      names.add(TensorNames.past(layer, true));
      names.add(TensorNames.past(layer, false));
    }
    return names;
  }

  /** Returns how many times the cache's memory a run needs. */
  int caches() {
    return this == FUSED ? 1 : 2;
  }
}
