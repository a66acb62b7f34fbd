package dev.polylm.constraint;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLmException;
import dev.polylm.internal.constraint.answer.AnswerMapper;
import dev.polylm.internal.constraint.answer.TypeSchema;
import dev.polylm.internal.untrusted.JsonProblem;
import java.util.List;

/**
 * A Java type that answers are read as: a record or class, an enum, a list, a map, a sealed
 * interface, a number, a truth value or a string. Its JSON Schema is the constraint on the answer.
 *
 * <pre>{@code
 * record City(String name, int inhabitants) {}
 * AnswerType<List<City>> cities = AnswerType.listOf(City.class);
 * GenerationRequest request = GenerationRequest.ofPrompt("The three largest cities of France:\n");
 * List<City> largest = polyLm.query(request, cities);
 * }</pre>
 *
 * <p>Jackson reads the answers, and its annotations apply: names, ignored properties, descriptions,
 * subtypes. Every property is required unless it is annotated as {@code Nullable} or with {@code
 * isRequired = OptBoolean.FALSE}. A sealed type without {@code @JsonTypeInfo} has a property {@code
 * type} with the simple name of its class.
 *
 * <p>Immutable and thread-safe. Making one costs more than reading an answer, so keep it.
 */
public final class AnswerType<T> {
  private static final ObjectMapper MAPPER = AnswerMapper.create();

  private final ObjectReader reader;
  private final ObjectNode schema;
  private final Constraint constraint;

  private final boolean completesAtLimit;

  private AnswerType(ObjectMapper mapper, JavaType type) {
    this.schema = TypeSchema.of(mapper, type);
    this.reader = mapper.readerFor(type);
    this.constraint = Constraint.jsonSchema(schema);
    this.completesAtLimit = false;
  }

  private AnswerType(AnswerType<T> other, boolean completesAtLimit) {
    this.reader = other.reader;
    this.schema = other.schema;
    this.constraint = other.constraint.completeAtLimit(completesAtLimit);
    this.completesAtLimit = completesAtLimit;
  }

  /**
   * Returns the answer type of a class.
   *
   * @throws PolyLmException if a type in it can't be described by a schema that can be enforced
   */
  public static <T> AnswerType<T> of(Class<T> type) {
    requireNonNull(type, "type must not be null");
    return new AnswerType<>(MAPPER, MAPPER.constructType(type));
  }

  /** Returns the answer type of a list; see {@link #of(Class)}. */
  public static <T> AnswerType<List<T>> listOf(Class<T> element) {
    requireNonNull(element, "element must not be null");
    return new AnswerType<>(
        MAPPER, MAPPER.getTypeFactory().constructCollectionType(List.class, element));
  }

  /** Returns the answer type of a generic type; see {@link #of(Class)}. */
  public static <T> AnswerType<T> of(TypeReference<T> type) {
    return of(type, MAPPER);
  }

  /** Returns the answer type of a type that a mapper reads; see {@link #of(Class)}. */
  public static <T> AnswerType<T> of(TypeReference<T> type, ObjectMapper mapper) {
    requireNonNull(type, "type must not be null");
    requireNonNull(mapper, "mapper must not be null");
    return new AnswerType<>(mapper, mapper.constructType(type.getType()));
  }

  /** Returns the same type with {@link Constraint#completeAtLimit} on or off. */
  public AnswerType<T> completeAtLimit(boolean complete) {
    return new AnswerType<>(this, complete);
  }

  /** Returns whether answers are completed at the limit. */
  public boolean completesAtLimit() {
    return completesAtLimit;
  }

  /** Returns the constraint that an answer can be read as this type. */
  public Constraint constraint() {
    return constraint;
  }

  /**
   * Returns the JSON Schema of this type, for example for a prompt that shows it. The caller may
   * change it.
   */
  public JsonNode schema() {
    return schema.deepCopy();
  }

  /**
   * Reads an answer.
   *
   * @throws PolyLmException if the text is not a whole answer of this type
   */
  public T read(String text) {
    try {
      return reader.readValue(text);
    } catch (JsonProcessingException e) {
      throw new PolyLmException("the answer can't be read: " + JsonProblem.of(e), e);
    }
  }
}
