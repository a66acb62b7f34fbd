package dev.polylm.export.adapter;

import dev.polylm.PolyLmException;
import dev.polylm.export.tensor.StoredTensor;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An adapter's tensors: LoRA's pairs by module, and the tensors that replace the checkpoint's.
 *
 * @param pairs sorted by module
 * @param replacements by the name of the tensor they replace, such as {@code
 *     transformer.ln_f.bias}. They are the modules of {@code modules_to_save}, the biases if {@code
 *     bias} says so, and the weight that a changed head adds to
 */
record AdapterTensors(List<Pair> pairs, SortedMap<String, StoredTensor> replacements) {
  static final String HEAD = "lm_head";

  private static final String PROJECTIONS = "attn\\.c_attn|attn\\.c_proj|mlp\\.c_fc|mlp\\.c_proj";

  /** The names that PEFT saves. No part can match in two ways, so no name takes long. */
  private static final Pattern LORA =
      Pattern.compile(
          "base_model\\.model\\."
              + "((?:transformer\\.)?h\\.[0-9]{1,6}\\.(?:"
              + PROJECTIONS
              + ")|lm_head)\\.(lora_A|lora_B)\\.weight");

  private static final Pattern REPLACEMENT =
      Pattern.compile(
          "base_model\\.model\\."
              + "((?:transformer\\.)?(?:wte|wpe|ln_f|h\\.[0-9]{1,6}\\.(?:ln_1|ln_2|"
              + PROJECTIONS
              + "))|lm_head)(?:\\.base_layer)?\\.(weight|bias)");

  /**
   * A module's low-rank pair.
   *
   * @param module its name, such as {@code transformer.h.0.attn.c_attn}
   * @param a [rank, in]
   * @param b [out, rank]
   */
  record Pair(String module, StoredTensor a, StoredTensor b) {}

  /** Sorts tensors. Refuses a tensor that is not LoRA's and does not replace one of the model's. */
  static AdapterTensors of(Map<String, StoredTensor> tensors) {
    Map<String, Map<String, StoredTensor>> modules = new TreeMap<>();
    SortedMap<String, StoredTensor> replacements = new TreeMap<>();
    for (StoredTensor tensor : tensors.values()) {
      Matcher lora = LORA.matcher(tensor.name());
      Matcher replacement = REPLACEMENT.matcher(tensor.name());
      if (lora.matches()) {
        modules
            .computeIfAbsent(lora.group(1), module -> new TreeMap<>())
            .put(lora.group(2), tensor);
      } else if (replacement.matches()) {
        replacements.put(replacement.group(1) + "." + replacement.group(2), tensor);
      } else {
        throw new PolyLmException(
            "%s: tensor %s is unknown, expected lora_A and lora_B of c_attn, c_proj, c_fc or lm_head"
                .formatted(tensor.file(), tensor.name()));
      }
    }
    return new AdapterTensors(
        modules.entrySet().stream().map(e -> pair(e.getKey(), e.getValue())).toList(),
        replacements);
  }

  private static Pair pair(String module, Map<String, StoredTensor> parts) {
    StoredTensor a = parts.get("lora_A");
    StoredTensor b = parts.get("lora_B");
    if (a == null || b == null) {
      StoredTensor there = parts.values().iterator().next();
      throw new PolyLmException(
          "%s: module %s has no %s, expected lora_A and lora_B"
              .formatted(there.file(), module, a == null ? "lora_A" : "lora_B"));
    }
    return new Pair(module, a, b);
  }

  /** Returns whether the adapter makes a tied head differ from the embedding. */
  boolean parts() {
    boolean head = pairs.stream().anyMatch(pair -> pair.module().equals(HEAD));
    boolean savedHead = replacements.containsKey(HEAD + ".weight");
    boolean savedEmbedding =
        replacements.keySet().stream().anyMatch(name -> name.endsWith("wte.weight"));
    // If both the head and the embedding were saved, their values tell whether they are the same.
    return head || savedHead != savedEmbedding;
  }
}
