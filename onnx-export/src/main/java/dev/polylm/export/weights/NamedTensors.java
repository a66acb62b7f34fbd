package dev.polylm.export.weights;

import dev.polylm.PolyLmException;
import dev.polylm.export.tensor.ElementType;
import dev.polylm.export.tensor.StoredTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * A checkpoint's tensors by name, without the prefix that only some files have. Each tensor is
 * taken once. A tensor that was not taken is unknown.
 */
final class NamedTensors {
  private static final String PREFIX = "transformer.";
  private static final String HEAD = "lm_head.weight"; // is outside the transformer

  private final TreeMap<String, StoredTensor> remaining = new TreeMap<>();
  private final String prefix;

  NamedTensors(Map<String, StoredTensor> tensors) {
    tensors.forEach(this::put);
    prefix = tensors.containsKey(PREFIX + "wte.weight") ? PREFIX : "";
  }

  private void put(String storedName, StoredTensor tensor) {
    boolean prefixed = storedName.startsWith(PREFIX) && !storedName.equals(PREFIX + HEAD);
    String name = prefixed ? storedName.substring(PREFIX.length()) : storedName;
    StoredTensor twin = remaining.put(name, tensor);
    if (twin != null) {
      throw new PolyLmException(
          "%s: tensor %s stands for the same weight as tensor %s of %s, expected one of the two"
              .formatted(tensor.file(), tensor.name(), twin.name(), twin.file()));
    }
  }

  boolean contains(String name) {
    return remaining.containsKey(name);
  }

  /** Replaces each tensor by another with the same name and shape. */
  void replaceAll(UnaryOperator<StoredTensor> change) {
    remaining.replaceAll((name, tensor) -> change.apply(tensor));
  }

  /** Replaces each tensor whose name matches by another with the same name and shape. */
  void replace(Pattern names, UnaryOperator<StoredTensor> change) {
    remaining.replaceAll(
        (name, tensor) -> names.matcher(name).matches() ? change.apply(tensor) : tensor);
  }

  /** Drops a tensor that is not a weight, if it is there. */
  void ignore(String name) {
    remaining.remove(name);
  }

  /**
   * Returns the tensor of a name, which can still be taken.
   *
   * @param expected the shape, for the message if the tensor is missing
   */
  StoredTensor get(String name, String expected) {
    StoredTensor tensor = remaining.get(name);
    if (tensor == null) {
      throw new PolyLmException(
          "tensor %s%s is missing from the checkpoint, expected one of shape %s%s"
              .formatted(name.equals(HEAD) ? "" : prefix, name, expected, longerName(name)));
    }
    return tensor;
  }

  /**
   * Names a tensor whose name ends like a missing one. Tools put words before all names: {@code
   * torch.compile} puts {@code _orig_mod.}, for example.
   */
  private String longerName(String name) {
    return remaining.keySet().stream()
        .filter(stored -> stored.endsWith("." + name))
        .findFirst()
        .map(stored -> "; there is " + stored + ": rename the tensors as transformers has them")
        .orElse("");
  }

  /** Takes a tensor with a given shape and a type that weights may have. */
  private StoredTensor take(String name, long... shape) {
    List<Long> expected = Arrays.stream(shape).boxed().toList();
    StoredTensor tensor = get(name, expected.toString());
    if (!tensor.shape().equals(expected)) {
      throw new PolyLmException(
          "%s: tensor %s has shape %s, expected %s"
              .formatted(tensor.file(), tensor.name(), tensor.shape(), expected));
    }
    if (!tensor.type().isWeight()) {
      throw new PolyLmException(
          "%s: tensor %s has elements of type %s, expected %s"
              .formatted(tensor.file(), tensor.name(), tensor.type(), ElementType.WEIGHTS));
    }
    remaining.remove(name);
    return tensor;
  }

  StoredMatrix matrix(String name, long rows, long columns) {
    return new StoredMatrix(name, take(name, rows, columns), rows, columns);
  }

  Vector vector(String name, long size) {
    return new Vector(name, take(name, size));
  }

  /** Returns a sentence for each tensor that was not taken. */
  List<String> unknown() {
    return remaining.values().stream()
        .map(
            tensor ->
                "%s: tensor %s of shape %s is unknown and was left out"
                    .formatted(tensor.file(), tensor.name(), tensor.shape()))
        .toList();
  }
}
