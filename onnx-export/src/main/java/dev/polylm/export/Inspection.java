package dev.polylm.export;

import dev.polylm.model.Manifest;
import java.nio.file.Path;
import java.util.SortedMap;

/**
 * What an exported folder holds. The inspection has checked that each file has the length and the
 * SHA-256 in the manifest.
 *
 * <pre>{@code
 * Inspection inspection = Inspector.inspect(Path.of("polylm-1.7b-onnx"));
 * System.out.println(inspection.manifest().name() + ", " + inspection.bytes() + " bytes");
 * }</pre>
 *
 * @param directory the folder
 * @param manifest its manifest
 * @param bytes the total length of its files, without the manifest
 * @param operators how many times the graph uses each operator
 * @param types the weights by the type of their elements, such as {@code float}
 * @param kinds the weights by their purpose: {@code embedding} (including a tied head), {@code
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
   * A group of weights.
   *
   * @param tensors how many tensors
   * @param bytes their total length
   */
  public record Total(int tensors, long bytes) {
    Total plus(Total other) {
      return new Total(tensors + other.tensors, bytes + other.bytes);
    }
  }
}
