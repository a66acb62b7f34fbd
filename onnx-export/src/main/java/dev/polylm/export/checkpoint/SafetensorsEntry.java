package dev.polylm.export.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLmException;
import dev.polylm.export.tensor.ElementType;
import dev.polylm.export.untrusted.JsonFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A tensor as a safetensors header describes it.
 *
 * @param begin of its bytes, counted from the end of the header
 * @param end one past its bytes
 */
record SafetensorsEntry(String name, ElementType type, List<Long> shape, long begin, long end) {
  private static final List<String> KEYS = List.of("dtype", "shape", "data_offsets");

  /** The format and this project use the same names for types. */
  private static final Map<String, ElementType> TYPES =
      Arrays.stream(ElementType.values())
          .collect(Collectors.toUnmodifiableMap(ElementType::name, Function.identity()));

  /** Parses {@code {"dtype": .., "shape": [..], "data_offsets": [begin, end]}}. */
  static SafetensorsEntry parse(String file, String name, JsonNode value) {
    String where = file + ": tensor " + Untrusted.tensorName(file, name);
    for (String key : KEYS) {
      if (!value.has(key)) {
        throw new PolyLmException(where + " has no " + key);
      }
    }
    if (value.size() != KEYS.size()) {
      throw new PolyLmException(where + " has " + value.size() + " keys, expected only " + KEYS);
    }
    ElementType type = type(where, value.path("dtype"));
    List<Long> shape = longs(where, "shape", value.path("shape"));
    List<Long> offsets = longs(where, "data_offsets", value.path("data_offsets"));
    if (offsets.size() != 2 || offsets.get(0) < 0 || offsets.get(1) < offsets.get(0)) {
      throw new PolyLmException(
          where
              + " has data_offsets "
              + offsets
              + ", expected [begin, end] with 0 <= begin <= end");
    }
    long bytes = type.bytes(Untrusted.elements(where, shape, type));
    if (offsets.get(1) - offsets.get(0) != bytes) {
      throw new PolyLmException(
          "%s has data_offsets %s, %s bytes, expected %s for %s of shape %s"
              .formatted(where, offsets, offsets.get(1) - offsets.get(0), bytes, type, shape));
    }
    return new SafetensorsEntry(name, type, shape, offsets.get(0), offsets.get(1));
  }

  private static ElementType type(String where, JsonNode value) {
    ElementType type = value.isTextual() ? TYPES.get(value.textValue()) : null;
    if (type == null) {
      throw new PolyLmException(
          where
              + " has dtype "
              + JsonFile.shown(value)
              + ", expected one of "
              + Arrays.toString(ElementType.values()));
    }
    return type;
  }

  private static List<Long> longs(String where, String key, JsonNode value) {
    if (!value.isArray() || value.size() > Untrusted.MAX_DIMENSIONS) {
      throw new PolyLmException(
          where + " has " + key + " " + JsonFile.shown(value) + ", expected a short array");
    }
    List<Long> longs = new ArrayList<>();
    for (JsonNode element : value) {
      if (!element.isIntegralNumber() || !element.canConvertToLong()) {
        throw new PolyLmException(
            where
                + " has "
                + JsonFile.shown(element)
                + " in its "
                + key
                + ", expected whole numbers");
      }
      longs.add(element.longValue());
    }
    return longs;
  }
}
