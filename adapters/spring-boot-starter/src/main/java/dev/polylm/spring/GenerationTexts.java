package dev.polylm.spring;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.polylm.generation.GenerationConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads generation settings as Spring Boot binds them. */
final class GenerationTexts {
  /** Spring Boot's key of a list's element. */
  private static final Pattern ELEMENT = Pattern.compile("(.+?)(?:\\.|\\[)(\\d+)]?");

  private GenerationTexts() {}

  /** Returns the settings of texts. A list may be one text, in JSON, or a text for each element. */
  static GenerationConfig read(Map<String, String> texts) {
    Map<String, String> whole = new HashMap<>();
    Map<String, Map<Integer, String>> lists = new HashMap<>();
    texts.forEach(
        (key, text) -> {
          Matcher element = ELEMENT.matcher(key);
          if (element.matches()) {
            lists
                .computeIfAbsent(element.group(1), name -> new TreeMap<>())
                .put(Integer.valueOf(element.group(2)), json(element.group(1), text));
          } else {
            whole.put(key, text);
          }
        });
    lists.forEach((name, elements) -> whole.put(name, elements.values().toString()));
    return GenerationConfig.defaultsFromTexts(whole);
  }

  private static String json(String name, String text) {
    boolean ofStrings = name.replaceAll("[._-]", "").equalsIgnoreCase("stopstrings");
    return ofStrings ? TextNode.valueOf(text).toString() : text;
  }
}
