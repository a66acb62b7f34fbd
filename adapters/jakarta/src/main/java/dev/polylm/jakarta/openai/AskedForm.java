package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.polylm.constraint.Constraint;
import dev.polylm.internal.tool.ClosedSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The form of an answer, as one field of a request asks for it. OpenAI, vLLM and llama-server have
 * fields of their own for this, and all of them are read.
 *
 * @param field the field's name
 * @param schema the JSON Schema of the answer, or null if the form is no schema
 * @param constraint compiles the form
 */
record AskedForm(String field, @Nullable JsonNode schema, Supplier<Constraint> constraint) {
  private static final List<String> KINDS =
      List.of("json", "json_object", "regex", "choice", "grammar");
  private static final int MAX_OPTIONS = 10_000;

  /**
   * Returns what a request asks for, if it does.
   *
   * @throws ApiException if a field is wrong, or two are set
   */
  static Optional<AskedForm> of(Fields request) {
    List<AskedForm> all = new ArrayList<>();
    String format = request.path("response_format");
    request
        .object("response_format")
        .flatMap(fields -> ofFormat(format, fields))
        .ifPresent(all::add);
    request.object("structured_outputs").ifPresent(outputs -> all.addAll(ofOutputs(outputs)));
    for (String kind : KINDS) {
      of(request, "guided_" + kind, kind).ifPresent(all::add);
    }
    of(request, "json_schema", "json").ifPresent(all::add);
    of(request, "grammar", "grammar").ifPresent(all::add);
    if (all.size() > 1) {
      throw ApiException.badRequest(
          all.get(1).field,
          "%s and %s are set; set only one of them.".formatted(all.get(0).field, all.get(1).field));
    }
    return all.stream().findFirst();
  }

  /** OpenAI's field. For llama-server, the schema may stand in the format itself. */
  private static Optional<AskedForm> ofFormat(String field, Fields format) {
    String type = format.text("type").orElse("");
    return switch (type) {
      case "text" -> Optional.empty();
      case "json_object" -> Optional.of(ofSchema(field, schemaOf(format)));
      case "json_schema" ->
          Optional.of(ofSchema(field, schemaOf(format.object("json_schema").orElse(format))));
      default ->
          throw ApiException.badRequest(
              field,
              "%s is of type \"%s\", must be text, json_object or json_schema."
                  .formatted(field, type));
    };
  }

  private static JsonNode schemaOf(Fields holder) {
    return holder.node("schema").orElseGet(AskedForm::anyObject);
  }

  private static JsonNode anyObject() {
    return JsonNodeFactory.instance.objectNode().put("type", "object");
  }

  /** The field of vLLM, which says the kind within. */
  private static List<AskedForm> ofOutputs(Fields outputs) {
    List<AskedForm> all = new ArrayList<>();
    for (String name : outputs.namesThatAreSet()) {
      if (!KINDS.contains(name)) {
        throw ApiException.badRequest(
            "structured_outputs",
            "structured_outputs has %s, must have one of %s."
                .formatted(name, String.join(", ", KINDS)));
      }
      of(outputs, name, name).ifPresent(all::add);
    }
    return all;
  }

  private static Optional<AskedForm> of(Fields fields, String name, String kind) {
    String field = fields.path(name);
    return switch (kind) {
      case "json" -> fields.node(name).map(schema -> ofSchema(field, schema));
      case "json_object" ->
          fields.flag(name) ? Optional.of(ofSchema(field, anyObject())) : Optional.empty();
      case "regex" ->
          fields.text(name).map(text -> new AskedForm(field, null, () -> Constraint.regex(text)));
      case "grammar" ->
          fields.text(name).map(text -> new AskedForm(field, null, () -> Constraint.grammar(text)));
      default -> {
        List<String> options = fields.texts(name, MAX_OPTIONS);
        yield options.isEmpty()
            ? Optional.empty()
            : Optional.of(new AskedForm(field, null, () -> Constraint.choice(options)));
      }
    };
  }

  /**
   * Returns the form of a schema, which may be sent as a string. Objects have no members but those
   * that it names, because a model would invent others.
   */
  private static AskedForm ofSchema(String field, JsonNode sent) {
    JsonNode schema =
        ClosedSchema.of(sent.isTextual() ? Json.parseValue(field, sent.textValue()) : sent);
    return new AskedForm(field, schema, () -> Constraint.jsonSchema(schema));
  }
}
