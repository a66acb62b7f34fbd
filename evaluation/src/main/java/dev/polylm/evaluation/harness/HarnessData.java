package dev.polylm.evaluation.harness;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLmException;
import dev.polylm.evaluation.task.DataFile;
import dev.polylm.evaluation.task.DataRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The local files of a task's data set. */
final class HarnessData {
  private final HarnessYaml yaml;
  private final Path folder;

  HarnessData(HarnessYaml yaml, Path folder) {
    this.yaml = yaml;
    this.folder = folder;
  }

  /**
   * Returns the items of a part of the data set: the file that {@code data_files} names for {@code
   * dataset_path: json}, or else {@code PATH/NAME/SPLIT.jsonl} in the data folder.
   */
  List<Map<String, Object>> split(String split) {
    DataFile file =
        new DataFile(
            path(split),
            "the %s items of %s, a JSON object on each line".formatted(split, yaml.file()));
    List<Map<String, Object>> items = new ArrayList<>();
    for (DataRecord line : file.jsonLines()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      addFields(line.json(), fields);
      items.add(fields);
    }
    if (items.isEmpty()) {
      throw new PolyLmException(
          "%s: has no items, expected %s".formatted(file.path(), file.form()));
    }
    return items;
  }

  /** Returns the file of a part of the data set. */
  Path path(String split) {
    return folder.resolve(file(split));
  }

  private String file(String split) {
    String path = yaml.text("dataset_path", "");
    if (path.equals("json")) {
      Object files = yaml.map("dataset_kwargs").get("data_files");
      Object file = files instanceof Map<?, ?> map ? map.get(split) : files;
      if (file == null) {
        throw new PolyLmException(
            "%s: data_files names no file for %s".formatted(yaml.file(), split));
      }
      return String.valueOf(file);
    }
    String name = yaml.text("dataset_name", "");
    return "%s/%s%s.jsonl".formatted(path, name.isEmpty() ? "" : name + "/", split);
  }

  /** Adds the fields of an object; one that is null counts as missing. */
  private static void addFields(JsonNode object, Map<String, Object> fields) {
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (!field.getValue().isNull()) {
        fields.put(field.getKey(), value(field.getValue()));
      }
    }
  }

  private static Object value(JsonNode node) {
    if (node.isArray()) {
      List<Object> list = new ArrayList<>();
      node.forEach(element -> list.add(value(element)));
      return list;
    }
    if (node.isObject()) {
      Map<String, Object> map = new LinkedHashMap<>();
      addFields(node, map);
      return map;
    }
    if (node.isNull()) {
      return Operations.NONE;
    }
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return node.longValue();
    }
    if (node.isDouble()) {
      return node.doubleValue();
    }
    return node.isBoolean() ? (Object) node.booleanValue() : node.asText();
  }
}
