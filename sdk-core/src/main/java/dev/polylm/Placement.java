package dev.polylm;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where an open model runs.
 *
 * <pre>{@code
 * Placement placement = polyLm.placement();
 * System.out.println("runs on " + placement.device() + ", keeps its cache on " + placement.cache());
 * }</pre>
 *
 * @param device the device: {@code cpu}, {@code cuda:0}, or the name of another execution provider
 * @param cache where the keys and values are: {@code cpu}, or the device
 * @param onCpu the types of the graph's nodes that run on the CPU although the device is another,
 *     with their numbers; empty if there are none
 * @param fallback why the model runs on the CPU though {@code auto} would have taken a GPU; else
 *     null
 */
public record Placement(
    String device, String cache, SortedMap<String, Integer> onCpu, @Nullable String fallback) {

  public Placement {
    onCpu = Collections.unmodifiableSortedMap(new TreeMap<>(onCpu));
  }

  /** Returns what a user should know who asked for a device: a sentence for each matter. */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    if (fallback != null) {
      warnings.add("runs on the CPU: " + fallback);
    }
    if (!onCpu.isEmpty()) {
      warnings.add(
          onCpu.entrySet().stream()
              .map(nodes -> nodes.getValue() + " " + nodes.getKey())
              .collect(
                  Collectors.joining(
                      ", ", device + " can't run these nodes, so the CPU runs them: ", "")));
    }
    return List.copyOf(warnings);
  }
}
