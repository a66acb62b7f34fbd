package dev.polylm.internal.untrusted;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with a JSON text, and where. Jackson's own messages name Java's types. */
public final class JsonProblem {
  private static final Pattern ADVICE = Pattern.compile("(: enable|, from) `[^`]+`( to allow)?");
  private static final Pattern FOUND =
      Pattern.compile(
          "(?:from|coerce) (Array|Object|Boolean|String|Number|Integer|Floating-point)");
  private static final Pattern SIMPLE_NAME = Pattern.compile("[A-Za-z0-9_-]+");

  private JsonProblem() {}

  /** Returns a part of a sentence, such as "Unexpected character ('x' (code 120)) at line 1". */
  public static String of(JsonProcessingException e) {
    return Quoted.line(sentence(e));
  }

  private static String sentence(JsonProcessingException e) {
    if (e instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
      return wrongValue(mapping);
    }
    if (e instanceof ValueInstantiationException && e.getCause() != null) {
      return String.valueOf(e.getCause().getMessage());
    }
    if (e instanceof JsonEOFException) {
      return "it ends too early" + place(e.getLocation());
    }
    if (e instanceof MismatchedInputException mismatch) {
      return isTrailing(mismatch)
          ? "more follows after its end" + place(e.getLocation())
          : "it is %s, must be %s".formatted(found(e), expected(mismatch.getTargetType()));
    }
    String text = ADVICE.matcher(e.getOriginalMessage()).replaceAll("");
    return text + place(e.getLocation());
  }

  private static boolean isTrailing(MismatchedInputException e) {
    return e.getOriginalMessage().startsWith("Trailing token");
  }

  private static String place(@Nullable JsonLocation location) {
    return location == null || location.getLineNr() < 1
        ? ""
        : " at line %s, column %s".formatted(location.getLineNr(), location.getColumnNr());
  }

  private static String wrongValue(JsonMappingException e) {
    String path = path(e.getPath());
    if (e instanceof UnrecognizedPropertyException unknown) {
      return "%s is unknown, known here are %s".formatted(path, unknown.getKnownPropertyIds());
    }
    if (e instanceof ValueInstantiationException && e.getCause() != null) {
      return "%s: %s".formatted(path, e.getCause().getMessage());
    }
    if (e.getCause() instanceof InputCoercionException number) {
      return "%s is out of range, must be %s".formatted(path, expected(number.getTargetType()));
    }
    if (e instanceof MismatchedInputException mismatch) {
      return "%s is %s, must be %s".formatted(path, found(e), expected(mismatch.getTargetType()));
    }
    return "%s can't be read: %s".formatted(path, e.getOriginalMessage());
  }

  private static String path(List<JsonMappingException.Reference> references) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference reference : references) {
      String name = reference.getFieldName();
      if (name == null) {
        path.append('[').append(reference.getIndex()).append(']');
      } else if (SIMPLE_NAME.matcher(name).matches()) {
        path.append(path.isEmpty() ? "" : ".").append(name);
      } else {
        path.append("[\"").append(Quoted.of(name)).append("\"]");
      }
    }
    return path.toString();
  }

  /** Returns the kind of value that Jackson's message names. The parser no longer knows it. */
  private static String found(JsonProcessingException e) {
    Matcher kind = FOUND.matcher(e.getOriginalMessage());
    if (!kind.find()) {
      return e.getOriginalMessage().startsWith("No content") ? "empty" : "null or missing";
    }
    return switch (kind.group(1)) {
      case "Array" -> "a list";
      case "Object" -> "an object";
      case "Boolean" -> "a boolean";
      case "String" -> "a string";
      default -> "a number";
    };
  }

  private static String expected(@Nullable Class<?> type) {
    if (type == null || type == Object.class) {
      return "another value";
    }
    if (type == int.class || type == Integer.class) {
      return "an integer of 32 bits";
    }
    if (type == long.class || type == Long.class) {
      return "an integer of 64 bits";
    }
    if (type == double.class || type == Double.class || type == float.class) {
      return "a number";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type == String.class) {
      return "a string";
    }
    if (type.isArray() || Iterable.class.isAssignableFrom(type)) {
      return "a list";
    }
    return type.isRecord() || Map.class.isAssignableFrom(type) ? "an object" : "another value";
  }
}
