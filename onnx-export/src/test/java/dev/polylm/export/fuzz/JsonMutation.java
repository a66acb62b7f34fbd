package dev.polylm.export.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Puts other values into a JSON file: of another type, too large, too deep, twice, or none. */
final class JsonMutation implements Mutation.OfContent {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Values as they stand in a file, so that they may be what no parser would write. */
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "1",
          "-1",
          "2",
          "3",
          "7",
          "64",
          "65",
          "0.5",
          "-0.0",
          "1e-5",
          "1e400",
          "-1e400",
          "1e-400",
          "NaN",
          "2147483647",
          "2147483648",
          "-2147483648",
          "4294967296",
          "9223372036854775807",
          "9223372036854775808",
          "100000000",
          "99999999",
          "1".repeat(2000),
          "\"\"",
          "\"x\"",
          "\"../outside\"",
          "\"/etc/passwd\"",
          "\"F32\"",
          "\"I64\"",
          "\"BOOL\"",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "\"" + "y".repeat(20_000) + "\"",
          "\"relu\"",
          "\"gelu\"",
          "\"<unk>\"",
          "\"<s>\"",
          "[]",
          "{}",
          "[0]",
          "[-1, 5]",
          "[9223372036854775807, 2]",
          "[0, 9223372036854775807]",
          "{\"a\": 1, \"a\": 2}",
          "{\"content\": \"</s>\"}",
          "[".repeat(5000),
          "[".repeat(90) + "]".repeat(90),
          "}");

  @Override
  public byte[] apply(byte[] content, Random random) {
    try {
      JsonNode tree = JSON.readTree(content);
      for (int times = 1 + random.nextInt(2); times > 0; times--) {
        change(tree, random);
      }
      return JSON.writeValueAsString(tree).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("is changed only once, and was JSON before", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void change(JsonNode tree, Random random) {
    List<ContainerNode<?>> containers = new ArrayList<>();
    collect(tree, containers);
    ContainerNode<?> chosen = containers.get(random.nextInt(containers.size()));
    if (chosen instanceof ObjectNode object) {
      change(object, random);
    } else if (chosen instanceof ArrayNode array) {
      change(array, random);
    }
  }

  private static void collect(JsonNode node, List<ContainerNode<?>> containers) {
    if (node instanceof ContainerNode<?> container && !container.isEmpty()) {
      containers.add(container);
      container.forEach(child -> collect(child, containers));
    }
  }

  private static void change(ObjectNode object, Random random) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    String name = names.get(random.nextInt(names.size()));
    String other = names.get(random.nextInt(names.size()));
    switch (random.nextInt(6)) {
      case 0 -> object.remove(name);
      case 1 -> object.set(name, object.get(other));
      case 2 -> object.set(name + "x", object.remove(name));
      default -> object.putRawValue(name, value(random));
    }
  }

  private static void change(ArrayNode array, Random random) {
    int at = random.nextInt(array.size());
    switch (random.nextInt(4)) {
      case 0 -> array.remove(at);
      case 1 -> array.insert(at, array.get(at));
      default -> array.setRawValue(at, value(random));
    }
  }

  private static RawValue value(Random random) {
    return new RawValue(VALUES.get(random.nextInt(VALUES.size())));
  }
}
