package dev.polylm.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLmException;
import dev.polylm.constraint.Constraint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The form of answers: one of these options, or one member of an object in a file of requests. */
final class ConstraintOptions {
  @Option(
      names = "--json-schema",
      paramLabel = "FILE",
      description = "Answers are JSON that is valid for the schema in a file.")
  private @Nullable Path jsonSchema;

  @Option(
      names = "--regex",
      paramLabel = "PATTERN",
      description = "Answers match a pattern as a whole.")
  private @Nullable String regex;

  @Option(
      names = "--choice",
      paramLabel = "TEXT",
      description = "Answers are one of several texts; repeat the option for each.")
  private @Nullable List<String> choice;

  @Option(
      names = "--grammar",
      paramLabel = "FILE",
      description = "Answers are texts of the grammar in a file, in llama.cpp's GBNF.")
  private @Nullable Path grammar;

  /**
   * Returns the form, compiled.
   *
   * @throws PolyLmException if a file can't be read, or the form can't be enforced
   */
  Constraint constraint() {
    if (jsonSchema != null) {
      return ofFile(jsonSchema, Constraint::jsonSchema);
    }
    if (grammar != null) {
      return ofFile(grammar, Constraint::grammar);
    }
    return regex != null
        ? Constraint.regex(regex)
        : Constraint.choice(choice == null ? List.of() : choice);
  }

  private static Constraint ofFile(Path file, Function<String, Constraint> compiler) {
    String text = Prompts.fromFile(file);
    try {
      return compiler.apply(text);
    } catch (PolyLmException e) {
      throw new PolyLmException("%s: %s".formatted(file, e.getMessage()), e);
    }
  }

  /**
   * Returns the form that a request in a file asks for, such as {@code {"regex": "[0-9]+"}}.
   *
   * @throws PolyLmException if the object has another form, or its form can't be enforced
   */
  static Constraint of(JsonNode object) {
    String kind = object.size() == 1 && object.isObject() ? object.fieldNames().next() : "";
    JsonNode value = object.path(kind);
    return switch (kind) {
      case "json_schema" -> Constraint.jsonSchema(value);
      case "regex" -> Constraint.regex(text(value, kind));
      case "grammar" -> Constraint.grammar(text(value, kind));
      case "choice" -> Constraint.choice(texts(value, kind));
      case "containing" -> Constraint.containing(phrases(value, kind));
      default ->
          throw new PolyLmException(
              "constraint is %s, expected an object with one of json_schema, regex, choice, grammar, containing"
                  .formatted(object));
    };
  }

  private static String text(JsonNode value, String kind) {
    if (!value.isTextual()) {
      throw new PolyLmException("constraint.%s is %s, expected a text".formatted(kind, value));
    }
    return value.textValue();
  }

  private static List<String> texts(JsonNode value, String kind) {
    return list(value, kind, "texts", ConstraintOptions::text);
  }

  /** Each phrase is a list of its alternatives. */
  private static List<List<String>> phrases(JsonNode value, String kind) {
    return list(value, kind, "lists of texts", ConstraintOptions::texts);
  }

  private static <T> List<T> list(
      JsonNode value, String kind, String items, BiFunction<JsonNode, String, T> reader) {
    if (!value.isArray()) {
      throw new PolyLmException(
          "constraint.%s is %s, expected a list of %s".formatted(kind, value, items));
    }
    List<T> read = new ArrayList<>();
    value.forEach(item -> read.add(reader.apply(item, "%s[%s]".formatted(kind, read.size()))));
    return read;
  }
}
