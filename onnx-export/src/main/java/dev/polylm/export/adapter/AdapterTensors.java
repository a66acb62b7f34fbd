package dev.polylm.export.adapter;

import dev.polylm.PolyLmException;
import dev.polylm.export.tensor.StoredTensor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of adapter_model.safetensors by module.
 *
 * @param pairs sorted by module
 */
record AdapterTensors(List<Pair> pairs) {
  private static final String HEAD = "lm_head";

  /** As PEFT saves them. No part can match in two ways, so no name takes long. */
  private static final Pattern NAME =
      Pattern.compile(
          "base_model\\.model\\."
              + "((?:transformer\\.)?h\\.[0-9]{1,6}\\.(?:attn\\.c_attn|attn\\.c_proj|mlp\\.c_fc"
              + "|mlp\\.c_proj)|lm_head)\\.(lora_A|lora_B|base_layer)\\.weight");

  /**
   * A module's tensors.
   *
   * @param module such as {@code transformer.h.0.attn.c_attn}
   * @param a [rank, in]
   * @param b [out, rank]
   * @param baseLayer takes the place of the checkpoint's weight; PEFT saves it with a changed head
   */
  record Pair(String module, StoredTensor a, StoredTensor b, @Nullable StoredTensor baseLayer) {}

  /** Sorts tensors by module; refuses what is no LoRA tensor of a module that can be merged. */
  static AdapterTensors of(Map<String, StoredTensor> tensors) {
    Map<String, Map<String, StoredTensor>> modules = new TreeMap<>();
    for (StoredTensor tensor : tensors.values()) {
      Matcher name = NAME.matcher(tensor.name());
      if (!name.matches()) {
        throw new PolyLmException(
            "%s: tensor %s is unknown, expected lora_A and lora_B of c_attn, c_proj, c_fc or lm_head"
                .formatted(tensor.file(), tensor.name()));
      }
      modules.computeIfAbsent(name.group(1), module -> new TreeMap<>()).put(name.group(2), tensor);
    }
    return new AdapterTensors(
        modules.entrySet().stream().map(e -> pair(e.getKey(), e.getValue())).toList());
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
    return new Pair(module, a, b, parts.get("base_layer"));
  }

  boolean changesHead() {
    return pairs.stream().anyMatch(pair -> pair.module().equals(HEAD));
  }
}
