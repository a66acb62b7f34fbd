package dev.polylm.export;

import dev.polylm.model.Manifest;
import java.nio.file.Path;
import java.util.SortedMap;

/**
 * What an exported folder holds. Whoever has one knows that each file has the length and the
 * SHA-256 that the manifest states.
 *
 * <pre>{@code
 * Inspection inspection = Inspector.inspect(Path.of("polylm-1.7b-onnx"));
 * System.out.println(inspection.manifest().name() + ", " + inspection.bytes() + " bytes");
 * }</pre>
 *
 * @param directory the folder
 * @param manifest its manifest
 * @param bytes the length of its files together, the manifest's own left out
 * @param operators how often the graph uses each operator
 * @param types the weights by the type of their elements, such as {@code float}
 * @param kinds the weights by what they are for: {@code embedding} (a tied head's too), {@code
 *     attention}, {@code mlp}, {@code norms}, {@code head}, {@code other}
 */
public record Inspection(
    Path directory,
    Manifest manifest,
    long bytes,
    SortedMap<String, Integer> operators,
    SortedMap<String, Total> types,
    SortedMap<String, Total> kinds) {

  /**
   * Some of the weights.
   *
   * @param tensors how many
   * @param bytes their length
   */
  public record Total(int tensors, long bytes) {
    Total plus(Total other) {
      return new Total(tensors + other.tensors, bytes + other.bytes);
    }
  }
}
