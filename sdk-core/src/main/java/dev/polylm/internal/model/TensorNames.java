package dev.polylm.internal.model;

import dev.polylm.model.GraphKind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The names of the graphs' inputs and outputs, for the exporter and the SDK. */
public final class TensorNames {
  public static final String INPUT_IDS = "input_ids";
  public static final String POSITION_IDS = "position_ids";

  /** Only in portable graphs. */
  public static final String ATTENTION_MASK = "attention_mask";

  /** Only in fused graphs, as are the next two. */
  public static final String SEQLENS_K = "seqlens_k";

  public static final String TOTAL_SEQUENCE_LENGTH = "total_sequence_length";
  public static final String LOGITS_ROWS = "logits_rows";
  public static final String LOGITS = "logits";

  /** Graphs of older exporters and portable graphs don't have it. */
  public static final String LAST_HIDDEN_STATE = "last_hidden_state";

  /** Only in graphs whose adapters are chosen at run time: the place of each row's adapter. */
  public static final String ADAPTER_SLOTS = "adapter_slots";

  /** Only if such adapters also change the head: the place of each row of logits' adapter. */
  public static final String ADAPTER_LOGITS_SLOTS = "adapter_logits_slots";

  /** The head, as adapters name it. */
  public static final String HEAD = "lm_head";

  /** The matrices of a layer that such an adapter changes. */
  public static final List<String> ADAPTED =
      List.of("attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj");

  private static final String PAST = "past_key_values.";
  private static final String PRESENT = "present.";

  private TensorNames() {}

  /** Returns the name of the cache that a run begins with. */
  public static String past(int layer, boolean key) {
    return PAST + layer + (key ? ".key" : ".value");
  }

  /** Returns the name of the cache that a run ends with. */
  public static String present(int layer, boolean key) {
    return PRESENT + layer + (key ? ".key" : ".value");
  }

  /** Returns the name of the cache at the end of a run, by its name at the beginning. */
  public static String presentOf(String past) {
    return PRESENT + past.substring(PAST.length());
  }

  /** Returns the name of a matrix that an adapter changes, such as {@code h.3.attn.c_attn}. */
  public static String adapted(int layer, String matrix) {
    return "h." + layer + "." + matrix;
  }

  /** Returns the name of the input with the first factors of a matrix's changes. */
  public static String loraA(String adapted) {
    return adapted + ".lora_A";
  }

  /** Returns the name of the input with the second factors of a matrix's changes. */
  public static String loraB(String adapted) {
    return adapted + ".lora_B";
  }

  /** Returns the names of all matrices that adapters change. */
  public static List<String> adapted(int layers) {
    return IntStream.range(0, layers)
        .boxed()
        .flatMap(layer -> ADAPTED.stream().map(matrix -> adapted(layer, matrix)))
        .toList();
  }

  /**
   * Returns the names of the inputs that a graph has in addition if it takes adapters.
   *
   * @param head whether they also change the head
   */
  public static List<String> adapterInputs(int layers, boolean head) {
    List<String> names = new ArrayList<>(List.of(ADAPTER_SLOTS));
    List<String> matrices = new ArrayList<>(adapted(layers));
    if (head) {
      names.add(ADAPTER_LOGITS_SLOTS);
      matrices.add(HEAD);
    }
    for (String name : matrices) {
      names.add(loraA(name));
      names.add(loraB(name));
    }
    return names;
  }

  /** Returns the names of all inputs of a graph without adapters. */
  public static List<String> inputs(GraphKind kind, int layers) {
    List<String> names = new ArrayList<>(List.of(INPUT_IDS, POSITION_IDS));
    names.addAll(
        kind == GraphKind.PORTABLE
            ? List.of(ATTENTION_MASK)
            : List.of(SEQLENS_K, TOTAL_SEQUENCE_LENGTH, LOGITS_ROWS));
    for (int layer = 0; layer < layers; layer++) {
      names.add(past(layer, true));
      names.add(past(layer, false));
    }
    return names;
  }

  /** Returns the names of the outputs that every graph has. */
  public static List<String> outputs(int layers) {
    List<String> names = new ArrayList<>(List.of(LOGITS));
    for (int layer = 0; layer < layers; layer++) {
      names.add(present(layer, true));
      names.add(present(layer, false));
    }
    return names;
  }
}
