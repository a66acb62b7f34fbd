package dev.polylm.internal.runtime;

import java.util.ArrayList;
import java.util.List;

/** The names of the graphs' inputs and outputs. */
final class TensorNames {
  static final String INPUT_IDS = "input_ids";
  static final String POSITION_IDS = "position_ids";
  static final String ATTENTION_MASK = "attention_mask";
  static final String SEQLENS_K = "seqlens_k";
  static final String TOTAL_SEQUENCE_LENGTH = "total_sequence_length";
  static final String LOGITS_ROWS = "logits_rows";
  static final String LOGITS = "logits";

  /** Graphs of older exporters and portable graphs don't have it. */
  static final String LAST_HIDDEN_STATE = "last_hidden_state";

  private TensorNames() {}

  static String past(int layer, boolean key) {
    return "past_key_values." + layer + (key ? ".key" : ".value");
  }

  static String present(int layer, boolean key) {
    return "present." + layer + (key ? ".key" : ".value");
  }

  static List<String> outputs(int layers) {
    List<String> names = new ArrayList<>(List.of(LOGITS));
    for (int layer = 0; layer < layers; layer++) {
      names.add(present(layer, true));
      names.add(present(layer, false));
    }
    return names;
  }
}
