package dev.polylm.internal.constraint.answer;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.OptBoolean;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.BeanDeserializerBase;
import com.fasterxml.jackson.databind.deser.DefaultDeserializationContext;
import com.fasterxml.jackson.databind.deser.SettableBeanProperty;
import com.fasterxml.jackson.databind.deser.ValueInstantiator;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.AnnotatedClassResolver;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.jsontype.TypeDeserializer;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLmException;
import dev.polylm.internal.untrusted.JsonProblem;
import dev.polylm.internal.untrusted.Quoted;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the JSON Schema of a Java type from the deserializer that will read the answer. So the
 * schema knows Jackson's annotations as the deserializer does, and a valid answer can be read.
 */
public final class TypeSchema {
  private final ObjectMapper mapper;
  private final DeserializationConfig config;
  private final DeserializationContext context;
  private final ObjectNode definitions;
  private final Map<JavaType, String> names = new HashMap<>();

  private final TypeChecks checks;

  private TypeSchema(ObjectMapper mapper) {
    this.mapper = mapper;
    this.config = mapper.getDeserializationConfig();
    this.context =
        ((DefaultDeserializationContext) mapper.getDeserializationContext())
            .createInstance(config, null, mapper.getInjectableValues());
    this.definitions = mapper.createObjectNode();
    this.checks = new TypeChecks(config, context);
  }

  /**
   * Returns the schema of the JSON that a mapper reads as a type.
   *
   * @throws PolyLmException if a type in it has no schema; the message names the type
   */
  public static ObjectNode of(ObjectMapper mapper, JavaType type) {
    TypeSchema schemas = new TypeSchema(mapper);
    try {
      EndlessTypes.refuse(schemas.config, type);
      ObjectNode schema = schemas.schema(type);
      if (!schemas.definitions.isEmpty()) {
        schema.set("$defs", schemas.definitions);
      }
      return schema;
    } catch (JsonProcessingException e) {
      throw unreadable(type, JsonProblem.of(e), e);
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(type, Quoted.line(String.valueOf(e.getMessage())), e);
    }
  }

  private static PolyLmException unreadable(JavaType type, String problem, Exception cause) {
    return new PolyLmException(
        "%s can't be read from JSON: %s".formatted(type.toCanonical(), problem), cause);
  }

  private ObjectNode schema(JavaType type) throws IOException {
    ObjectNode scalar = Scalars.schema(mapper, type.getRawClass());
    if (scalar != null) {
      return scalar;
    }
    if (type.isCollectionLikeType() || type.isArrayType()) {
      checks.container(type);
      ObjectNode array = node("array");
      array.set("items", schema(type.getContentType()));
      return array;
    }
    if (type.isMapLikeType()) {
      return map(type);
    }
    return reference(type);
  }

  private ObjectNode map(JavaType type) throws IOException {
    checks.container(type);
    ObjectNode map = node("object");
    JavaType key = type.getKeyType();
    if (key.isEnumType()) {
      ObjectNode names = schema(key);
      checks.names(key, names.withArray("enum"));
      map.set("propertyNames", names);
    } else if (key.getRawClass() != String.class) {
      throw refusal(key, "keys of maps must be strings or enums");
    }
    map.set("additionalProperties", schema(type.getContentType()));
    return map;
  }

  /** Returns a reference to the definition of a type, so that a type may contain itself. */
  private ObjectNode reference(JavaType type) throws IOException {
    String name = names.get(type);
    if (name == null) {
      String simple = type.getRawClass().getSimpleName();
      name = simple;
      for (int number = 1; definitions.has(name); number++) {
        name = simple + number;
      }
      names.put(type, name);
      definitions.putObject(name); // keeps the order, and its place while it is made
      definitions.set(name, definition(type));
    }
    return mapper.createObjectNode().put("$ref", "#/$defs/" + name);
  }

  private ObjectNode definition(JavaType type) throws IOException {
    TypeDeserializer variants = config.findTypeDeserializer(type);
    return variants == null ? bean(type) : anyOf(type, variants);
  }

  private ObjectNode anyOf(JavaType type, TypeDeserializer variants) throws IOException {
    AnnotatedClass annotated = AnnotatedClassResolver.resolve(config, type, config);
    Collection<NamedType> subtypes =
        config.getSubtypeResolver().collectAndResolveSubtypesByTypeId(config, annotated);
    ObjectNode schema = mapper.createObjectNode();
    ArrayNode alternatives = schema.putArray("anyOf");
    checks.typeIds(type, variants);
    Set<String> ids = new HashSet<>();
    for (NamedType subtype : subtypes) {
      JavaType variant = config.constructSpecializedType(type, subtype.getType());
      if (variant.isConcrete()) {
        String id =
            subtype.hasName()
                ? subtype.getName()
                : variants.getTypeIdResolver().idFromValueAndType(null, subtype.getType());
        if (!ids.add(id)) {
          throw refusal(type, "two of its subtypes are called " + id);
        }
        alternatives.add(variant(variant, id, variants));
      }
    }
    if (alternatives.isEmpty()) {
      throw refusal(type, "it has no subtypes; name them with @JsonSubTypes or seal it");
    }
    return schema;
  }

  private ObjectNode variant(JavaType type, String id, TypeDeserializer variants)
      throws IOException {
    JsonTypeInfo.As inclusion = variants.getTypeInclusion();
    ObjectNode bean = bean(type);
    if (inclusion == JsonTypeInfo.As.WRAPPER_OBJECT) {
      ObjectNode wrapper = node("object");
      wrapper.putObject("properties").set(id, bean);
      wrapper.putArray("required").add(id);
      return wrapper.put("additionalProperties", false);
    }
    if (inclusion != JsonTypeInfo.As.PROPERTY && inclusion != JsonTypeInfo.As.EXISTING_PROPERTY) {
      throw refusal(type, "its @JsonTypeInfo must include the type as a property");
    }
    String name = variants.getPropertyName();
    if (!bean.path("properties").isObject()) {
      throw refusal(type, "it is read from another value, which has no place for its type");
    }
    checks.typeProperty(type, name, bean.get("properties").has(name));
    ObjectNode properties = mapper.createObjectNode();
    properties.putObject(name).put("const", id);
    ((ObjectNode) bean.get("properties")).remove(name);
    properties.setAll((ObjectNode) bean.get("properties"));
    bean.set("properties", properties);
    ArrayNode required = mapper.createArrayNode().add(name);
    for (JsonNode other : bean.get("required")) {
      if (!other.textValue().equals(name)) {
        required.add(other);
      }
    }
    bean.set("required", required);
    return bean;
  }

  private ObjectNode bean(JavaType type) throws IOException {
    JsonDeserializer<?> reader = context.findContextualValueDeserializer(type, null);
    if (!(reader instanceof BeanDeserializerBase bean)) {
      throw refusal(
          type, "its deserializer %s does not say what it reads".formatted(reader.getClass()));
    }
    JavaType delegate = delegate(bean.getValueInstantiator());
    if (delegate != null) {
      return schema(delegate);
    }
    Class<?> scalar = scalar(bean.getValueInstantiator());
    if (scalar != null) {
      return schema(config.constructType(scalar));
    }
    if (type.isAbstract()) {
      throw refusal(type, "it is abstract and neither sealed nor has @JsonTypeInfo");
    }
    checks.bean(type, bean);
    ObjectNode schema = node("object");
    describe(
        schema,
        config
            .getAnnotationIntrospector()
            .findClassDescription(AnnotatedClassResolver.resolve(config, type, config)));
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = schema.putArray("required");
    for (SettableBeanProperty property : ordered(bean, type)) {
      ObjectNode of = property(property);
      describe(of, property.getMetadata().getDescription());
      properties.set(property.getName(), of);
      if (!isOptional(property)) {
        required.add(property.getName());
      }
    }
    return schema.put("additionalProperties", false);
  }

  /** Returns what a type is made of whose only creator takes a single value. */
  private static @Nullable Class<?> scalar(ValueInstantiator instantiator) {
    if (instantiator.canCreateUsingDefault() || instantiator.canCreateFromObjectWith()) {
      return null;
    }
    if (instantiator.canCreateFromString()) {
      return String.class;
    }
    if (instantiator.canCreateFromInt()) {
      return int.class;
    }
    if (instantiator.canCreateFromLong()) {
      return long.class;
    }
    if (instantiator.canCreateFromDouble()) {
      return double.class;
    }
    return instantiator.canCreateFromBoolean() ? boolean.class : null;
  }

  private @Nullable JavaType delegate(ValueInstantiator instantiator) {
    JavaType delegate = instantiator.getDelegateType(config);
    return delegate == null ? instantiator.getArrayDelegateType(config) : delegate;
  }

  /**
   * Returns the properties in the order of the class; a deserializer orders them by their hashes.
   */
  private List<SettableBeanProperty> ordered(BeanDeserializerBase bean, JavaType type) {
    List<SettableBeanProperty> properties = new ArrayList<>();
    bean.properties().forEachRemaining(properties::add);
    BeanDescription description = config.introspect(type);
    List<String> order =
        description.findProperties().stream().map(BeanPropertyDefinition::getName).toList();
    Set<String> ignored = description.getIgnoredPropertyNames(); // known only after the others
    properties.removeIf(property -> ignored.contains(property.getName()));
    properties.sort(Comparator.comparingInt(property -> order.indexOf(property.getName())));
    return properties;
  }

  private ObjectNode property(SettableBeanProperty property) throws IOException {
    checks.property(property);
    if (property.getValueTypeDeserializer() == null && property.hasValueDeserializer()) {
      JsonDeserializer<?> reader = property.getValueDeserializer();
      JsonDeserializer<?> usual = context.findContextualValueDeserializer(property.getType(), null);
      if (reader.getClass() != usual.getClass()) {
        throw refusal(
            property.getType(),
            "the property %s has its own deserializer".formatted(property.getName()));
      }
    }
    return schema(property.getType());
  }

  private static void describe(ObjectNode schema, @Nullable String description) {
    if (description != null && !description.isEmpty()) {
      schema.put("description", description);
    }
  }

  private static boolean isOptional(SettableBeanProperty property) {
    JsonProperty marked = property.getAnnotation(JsonProperty.class);
    return (marked != null && marked.isRequired() == OptBoolean.FALSE)
        || annotations(property.getMember())
            .anyMatch(a -> a.annotationType().getSimpleName().equals("Nullable"));
  }

  /** Returns the annotations of a property and of its type, also those that Jackson leaves out. */
  private static Stream<Annotation> annotations(AnnotatedMember member) {
    AnnotatedElement element = member.getAnnotated();
    if (element instanceof Field field) {
      return both(field, field.getAnnotatedType());
    }
    int index = member instanceof AnnotatedParameter parameter ? parameter.getIndex() : 0;
    Executable owner =
        member instanceof AnnotatedParameter parameter
            ? (Executable) parameter.getOwner().getAnnotated()
            : (Executable) element;
    return owner.getParameterCount() == 0
        ? both(owner, owner.getAnnotatedReturnType())
        : both(owner.getParameters()[index], owner.getAnnotatedParameterTypes()[index]);
  }

  private static Stream<Annotation> both(AnnotatedElement declaration, AnnotatedElement type) {
    return Stream.concat(
        Arrays.stream(declaration.getAnnotations()), Arrays.stream(type.getAnnotations()));
  }

  private ObjectNode node(String type) {
    return mapper.createObjectNode().put("type", type);
  }

  static PolyLmException refusal(JavaType type, String reason) {
    return new PolyLmException(
        "%s can't be an answer's type: %s".formatted(type.toCanonical(), reason));
  }
}
