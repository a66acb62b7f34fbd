package dev.polylm.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The Python file, which the jar holds, has the parameters of the Java classes. */
final class PythonTest {
  private static final Pattern ENTRY = Pattern.compile("\"(\\w+)\": \"([^\"]+)\"");

  static List<PolyLmTransformer<?>> transformers() {
    return List.of(new PolyLmGenerator(), new PolyLmScorer(), new PolyLmEmbedder());
  }

  @ParameterizedTest
  @MethodSource("transformers")
  void hasTheParametersOfTheJavaClass(PolyLmTransformer<?> transformer) throws Exception {
    String python = python();
    Map<String, String> expected = new TreeMap<>();
    Arrays.stream(transformer.params()).forEach(param -> expected.put(param.name(), param.doc()));

    String name = transformer.getClass().getSimpleName();
    int end = python.indexOf("class " + name + "(");
    int begin = python.lastIndexOf("@_with_params(", end);
    Map<String, String> found = entries(python.substring(begin, end));
    int shared = python.indexOf("_SHARED = {");
    found.putAll(entries(python.substring(shared, python.indexOf('}' + "\n\n", shared))));
    assertThat(found).isEqualTo(expected);
  }

  private static String python() throws Exception {
    try (var file = PolyLmGenerator.class.getResourceAsStream("/dev/polylm/spark/__init__.py")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Map<String, String> entries(String text) {
    Map<String, String> entries = new TreeMap<>();
    for (Matcher entry = ENTRY.matcher(text); entry.find(); ) {
      entries.put(entry.group(1), entry.group(2));
    }
    return entries;
  }
}
