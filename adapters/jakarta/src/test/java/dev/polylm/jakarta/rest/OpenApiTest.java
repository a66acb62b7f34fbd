package dev.polylm.jakarta.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The description of the API names the resources that there are, and no others. */
final class OpenApiTest {
  @Test
  void describesEachMethodOfTheResources() throws IOException {
    Set<String> described = new TreeSet<>();
    for (Map.Entry<String, JsonNode> path : document().path("paths").properties()) {
      path.getValue()
          .properties()
          .forEach(method -> described.add(method.getKey() + " " + path.getKey()));
    }
    Set<String> served = new TreeSet<>();
    for (Class<?> type : ApiClasses.ALL) {
      if (type.isAnnotationPresent(Path.class)) {
        Stream.of(type.getDeclaredMethods())
            .forEach(
                method -> httpMethod(method).ifPresent(http -> served.add(http + path(method))));
      }
    }
    assertThat(described).isEqualTo(served).hasSizeGreaterThan(10);
  }

  @Test
  void refersToSchemasThatItHas() throws IOException {
    JsonNode document = document();
    assertThat(document.findValuesAsText("$ref"))
        .isNotEmpty()
        .allSatisfy(ref -> assertThat(document.at(ref.substring(1)).isObject()).as(ref).isTrue());
  }

  private static JsonNode document() throws IOException {
    try (InputStream file = OpenApiResource.class.getResourceAsStream("openapi.json")) {
      return new ObjectMapper().readTree(file);
    }
  }

  private static Optional<String> httpMethod(Method method) {
    return Stream.of(method.getAnnotations())
        .map(Annotation::annotationType)
        .filter(type -> type.isAnnotationPresent(HttpMethod.class))
        .map(type -> type.getSimpleName().toLowerCase(Locale.ROOT) + " ")
        .findFirst();
  }

  private static String path(Method method) {
    String path = "/" + method.getDeclaringClass().getAnnotation(Path.class).value();
    Path own = method.getAnnotation(Path.class);
    return own == null ? path : path + "/" + own.value().replaceAll(": [^}]*", "");
  }
}
