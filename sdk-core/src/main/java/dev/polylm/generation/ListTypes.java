package dev.polylm.generation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The types of settings that hold several values. */
final class ListTypes {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** A Python tuple of ids, such as "(5,)" and "(6, 7)". */
  private static final Pattern TUPLE = Pattern.compile("\\([0-9]{1,9}(,|(, [0-9]{1,9})+)\\)");

  private static final Pattern ID = Pattern.compile("[0-9]+");

  static final SettingType<List<Integer>> IDS =
      new SettingType<>("a list of integers", ListTypes::readIds, ListTypes::writeIds);

  /** The type of {@code eos_token_id}: a single id needs no list. */
  static final SettingType<List<Integer>> ID_OR_IDS =
      new SettingType<>(
          "an integer or a list of integers",
          node -> node.isInt() ? List.of(node.intValue()) : readIds(node),
          ids -> ids.size() == 1 ? JSON.numberNode(ids.get(0)) : writeIds(ids));

  static final SettingType<List<List<Integer>>> SEQUENCES =
      new SettingType<>(
          "a list of lists of integers",
          node -> readAll(node, ListTypes::readIds),
          sequences -> {
            ArrayNode list = JSON.arrayNode();
            sequences.forEach(ids -> list.add(writeIds(ids)));
            return list;
          });

  /** The type of {@code stop_strings}: a single string needs no list. */
  static final SettingType<List<String>> STRINGS =
      new SettingType<>(
          "a string or a list of strings",
          node ->
              node.isTextual()
                  ? List.of(node.textValue())
                  : readAll(node, SettingType.STRING.reader()),
          strings -> {
            ArrayNode list = JSON.arrayNode();
            strings.forEach(list::add);
            return list;
          });

  static final SettingType<Map<List<Integer>, Double>> SEQUENCE_BIAS =
      new SettingType<>(
          "a list of [[ids], bias]", ListTypes::readSequenceBias, ListTypes::writeSequenceBias);

  static final SettingType<Map<Integer, Double>> LOGIT_BIAS =
      new SettingType<>(
          "an object of ids and numbers", ListTypes::readLogitBias, ListTypes::writeLogitBias);

  static final SettingType<ExponentialDecay> DECAY =
      new SettingType<>(
          "a list [start index, decay factor]",
          node ->
              node.isArray()
                      && node.size() == 2
                      && node.get(0).isInt()
                      && SettingType.isNumber(node.get(1))
                  ? new ExponentialDecay(node.get(0).intValue(), node.get(1).doubleValue())
                  : null,
          decay -> JSON.arrayNode().add(decay.startIndex()).add(decay.decayFactor()));

  private ListTypes() {}

  private static @Nullable List<Integer> readIds(JsonNode node) {
    return readAll(node, SettingType.INTEGER.reader());
  }

  private static <E> @Nullable List<E> readAll(
      JsonNode node, Function<JsonNode, @Nullable E> reader) {
    if (!node.isArray()) {
      return null;
    }
    List<E> all = new ArrayList<>(node.size());
    for (JsonNode element : node) {
      E value = reader.apply(element);
      if (value == null) {
        return null;
      }
      all.add(value);
    }
    return List.copyOf(all);
  }

  private static ArrayNode writeIds(List<Integer> ids) {
    ArrayNode list = JSON.arrayNode();
    ids.forEach(list::add);
    return list;
  }

  /** Reads a list, or an object whose names are Python tuples, as Hugging Face writes it. */
  private static @Nullable Map<List<Integer>, Double> readSequenceBias(JsonNode node) {
    return node.isObject() ? readTupleBias(node) : readListBias(node);
  }

  private static @Nullable Map<List<Integer>, Double> readTupleBias(JsonNode node) {
    Map<List<Integer>, Double> biases = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (!TUPLE.matcher(entry.getKey()).matches() || !SettingType.isNumber(entry.getValue())) {
        return null;
      }
      List<Integer> ids =
          ID.matcher(entry.getKey()).results().map(id -> Integer.valueOf(id.group())).toList();
      biases.put(ids, entry.getValue().doubleValue());
    }
    return Collections.unmodifiableMap(biases);
  }

  private static @Nullable Map<List<Integer>, Double> readListBias(JsonNode node) {
    Map<List<Integer>, Double> biases = new LinkedHashMap<>();
    for (JsonNode pair : node) {
      List<Integer> ids = pair.isArray() && pair.size() == 2 ? readIds(pair.get(0)) : null;
      if (ids == null || !SettingType.isNumber(pair.get(1))) {
        return null;
      }
      biases.put(ids, pair.get(1).doubleValue());
    }
    return node.isArray() ? Collections.unmodifiableMap(biases) : null;
  }

  private static JsonNode writeSequenceBias(Map<List<Integer>, Double> biases) {
    ArrayNode list = JSON.arrayNode();
    biases.forEach((ids, bias) -> list.add(JSON.arrayNode().add(writeIds(ids)).add(bias)));
    return list;
  }

  private static @Nullable Map<Integer, Double> readLogitBias(JsonNode node) {
    Map<Integer, Double> biases = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (!entry.getKey().matches("[0-9]{1,9}") || !SettingType.isNumber(entry.getValue())) {
        return null;
      }
      biases.put(Integer.valueOf(entry.getKey()), entry.getValue().doubleValue());
    }
    return node.isObject() ? Collections.unmodifiableMap(biases) : null;
  }

  private static JsonNode writeLogitBias(Map<Integer, Double> biases) {
    ObjectNode object = JSON.objectNode();
    biases.forEach((id, bias) -> object.put(id.toString(), bias));
    return object;
  }
}
