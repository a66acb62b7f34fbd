package dev.polylm.internal.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLmException;
import dev.polylm.internal.constraint.schema.SchemaText;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A function that a model may ask for.
 *
 * @param description what it does, or null if nobody said it
 * @param parameters the JSON Schema of its arguments, an object
 */
public record Tool(String name, @Nullable String description, JsonNode parameters) {
  private static final Pattern NAME = Pattern.compile("[^\"\\\\\\p{Cntrl}]{1,64}");

  /**
   * Closes the schema.
   *
   * @throws PolyLmException if the name can't be written in an answer, or the schema is too large
   */
  public Tool {
    if (!NAME.matcher(name).matches()) {
      throw new PolyLmException(
          "a tool's name has 1 to 64 characters, and no quotes, backslashes or control characters;"
              + " found a name of %s characters".formatted(name.length()));
    }
    SchemaText.check(parameters);
    parameters = ClosedSchema.of(parameters);
  }

  /** Returns the tool as a line of the prompt. */
  String line() {
    String signature = name + "(" + Signature.members(parameters) + ")";
    return description == null || description.isBlank()
        ? signature
        : signature + ": " + description.strip().replaceAll("\\s*[\\r\\n]\\s*", " ");
  }
}
