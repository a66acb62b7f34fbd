package dev.polylm.export;

import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.export.onnx.OnnxContents;
import dev.polylm.internal.model.ModelDirectory;
import dev.polylm.model.FileFacts;
import dev.polylm.model.Manifest;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Checks and describes exported folders. Thread-safe.
 *
 * <pre>{@code
 * Inspection inspection = Inspector.inspect(Path.of("polylm-1.7b-onnx"));
 * System.out.println(inspection.operators());
 * }</pre>
 */
public final class Inspector {
  /**
   * The kinds of weights by the beginning of a tensor's name: the checkpoint's names, and those
   * that a quantized model adds.
   */
  private static final Map<String, Pattern> KINDS =
      Map.of(
          "embedding", Pattern.compile("w[tp]e\\..*"),
          "attention", Pattern.compile("h\\.\\d+\\.attn\\..*"),
          "mlp", Pattern.compile("h\\.\\d+\\.mlp\\..*"),
          "norms", Pattern.compile("(h\\.\\d+\\.)?ln_.*"),
          "head", Pattern.compile("lm_head\\..*"));

  private Inspector() {}

  /**
   * Reads all files of an exported folder once.
   *
   * @throws PolyLmException if it is not an exported folder, or a file is not what the exporter
   *     wrote
   */
  public static Inspection inspect(Path path) {
    try (ModelDirectory directory = ModelDirectory.open(path)) {
      Manifest manifest = directory.manifest();
      directory.verify(PolyLmOptions.Verify.ALL);
      OnnxContents contents = OnnxContents.read(directory.file(ModelDirectory.GRAPH));
      return new Inspection(
          path.toAbsolutePath().normalize(),
          manifest,
          manifest.files().values().stream().mapToLong(FileFacts::bytes).sum(),
          contents.operators(),
          totals(contents, OnnxContents.Constant::type),
          totals(contents, constant -> kind(constant.name())));
    }
  }

  private static SortedMap<String, Inspection.Total> totals(
      OnnxContents contents, Function<OnnxContents.Constant, String> group) {
    SortedMap<String, Inspection.Total> totals = new TreeMap<>();
    for (OnnxContents.Constant constant : contents.constants()) {
      totals.merge(
          group.apply(constant), new Inspection.Total(1, constant.bytes()), Inspection.Total::plus);
    }
    return totals;
  }

  private static String kind(String name) {
    return KINDS.entrySet().stream()
        .filter(kind -> kind.getValue().matcher(name).matches())
        .map(Map.Entry::getKey)
        .findAny()
        .orElse("other");
  }
}
