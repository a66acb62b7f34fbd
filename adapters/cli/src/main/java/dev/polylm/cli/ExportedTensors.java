package dev.polylm.cli;

import dev.polylm.export.ExportReport;
import dev.polylm.export.TensorReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Prints what an export reports about its tensors. */
final class ExportedTensors {
  private ExportedTensors() {}

  /**
   * Prints a line for each tensor that lost something, the largest error first; a line for those
   * that lost nothing; the totals by type; and how the weights were calibrated.
   */
  static List<String> lines(ExportReport report) {
    List<String> lines = new ArrayList<>();
    Map<Boolean, List<TensorReport>> parts =
        report.tensors().stream()
            .collect(Collectors.partitioningBy(tensor -> tensor.relativeError() == 0));
    List<TensorReport> lossy = parts.getOrDefault(false, List.of());
    if (!lossy.isEmpty()) {
      lines.add("%-32s %-15s %15s %10s".formatted("Tensor", "Type", "Bytes", "Rel. error"));
      lossy.forEach(tensor -> lines.add(line(tensor)));
    }
    List<TensorReport> exact = parts.getOrDefault(true, List.of());
    lines.add(
        String.format(
            Locale.ROOT, "%d tensors lost nothing: %,d bytes.", exact.size(), bytes(exact)));
    lines.addAll(totals(report.tensors()));
    if (report.calibrationTokens() > 0) {
      lines.add(
          String.format(Locale.ROOT, "Calibrated with %,d tokens.", report.calibrationTokens()));
    }
    if (report.cacheTokens() > 0) {
      lines.add(
          String.format(
              Locale.ROOT,
              "Keys and values are cached as %s, with scales of %,d tokens.",
              report.manifest().kvCache(),
              report.cacheTokens()));
    }
    return lines;
  }

  private static String line(TensorReport tensor) {
    return String.format(
        Locale.ROOT,
        "%-32s %-15s %,15d %10.6f",
        tensor.name(),
        tensor.type(),
        tensor.bytes(),
        tensor.relativeError());
  }

  private static List<String> totals(List<TensorReport> tensors) {
    Map<String, List<TensorReport>> types =
        tensors.stream()
            .collect(Collectors.groupingBy(TensorReport::type, TreeMap::new, Collectors.toList()));
    List<String> lines = new ArrayList<>();
    types.forEach((type, of) -> lines.add(total(type, of)));
    lines.add(total("Together", tensors));
    return lines;
  }

  private static String total(String title, List<TensorReport> tensors) {
    return String.format(
        Locale.ROOT, "%-32s %,15d bytes in %d tensors", title, bytes(tensors), tensors.size());
  }

  private static long bytes(List<TensorReport> tensors) {
    return tensors.stream().mapToLong(TensorReport::bytes).sum();
  }
}
