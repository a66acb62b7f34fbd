package dev.polylm.internal.constraint.answer;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.AnnotationIntrospector;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.deser.BeanDeserializer;
import com.fasterxml.jackson.databind.deser.BeanDeserializerBase;
import com.fasterxml.jackson.databind.deser.BuilderBasedDeserializer;
import com.fasterxml.jackson.databind.deser.SettableBeanProperty;
import com.fasterxml.jackson.databind.deser.ValueInstantiator;
import com.fasterxml.jackson.databind.deser.std.CollectionDeserializer;
import com.fasterxml.jackson.databind.deser.std.MapDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdDelegatingDeserializer;
import com.fasterxml.jackson.databind.deser.std.StringCollectionDeserializer;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.AnnotatedClassResolver;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.jsontype.TypeDeserializer;
import com.fasterxml.jackson.databind.jsontype.impl.AsDeductionTypeDeserializer;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** Refuses types that Jackson can't make, or reads in another form than their schema has. */
final class TypeChecks {
  private static final Set<Class<?>> MADE_EMPTY =
      Set.of(
          CollectionDeserializer.class, StringCollectionDeserializer.class, MapDeserializer.class);

  private final DeserializationConfig config;
  private final DeserializationContext context;
  private final AnnotationIntrospector annotations;

  TypeChecks(DeserializationConfig config, DeserializationContext context) {
    this.config = config;
    this.context = context;
    this.annotations = config.getAnnotationIntrospector();
  }

  /** Checks a list, an array or a map. */
  void container(JavaType type) throws IOException {
    JsonDeserializer<?> reader = context.findContextualValueDeserializer(type, null);
    AnnotatedClass annotated = AnnotatedClassResolver.resolve(config, type, config);
    if (reader instanceof BeanDeserializerBase
        || reader instanceof StdDelegatingDeserializer
        || annotations.findDeserializer(annotated) != null) {
      throw TypeSchema.refusal(type, "its annotations change how it is read");
    }
    if (MADE_EMPTY.contains(reader.getClass())) {
      ValueInstantiator maker = ((ValueInstantiator.Gettable) reader).getValueInstantiator();
      if (!maker.canCreateUsingDefault() && !maker.canCreateUsingArrayDelegate()) {
        throw TypeSchema.refusal(type, "it has no constructor without parameters");
      }
    }
  }

  /** Checks that the values of an enum are names that it is read from. */
  void names(JavaType type, ArrayNode values) throws IOException {
    KeyDeserializer reader = context.findKeyDeserializer(type, null);
    for (JsonNode value : values) {
      Object constant = value.isTextual() ? reader.deserializeKey(value.textValue(), context) : "";
      if (constant == null || !type.getRawClass().isInstance(constant)) {
        throw TypeSchema.refusal(type, "its value %s is no name of a member".formatted(value));
      }
    }
  }

  /** Checks an object whose properties are its type's. */
  void bean(JavaType type, BeanDeserializerBase reader) {
    if (!(reader instanceof BeanDeserializer) && !(reader instanceof BuilderBasedDeserializer)) {
      throw TypeSchema.refusal(type, "its annotations change how it is read");
    }
    ValueInstantiator maker = reader.getValueInstantiator();
    if (!maker.canCreateUsingDefault() && !maker.canCreateFromObjectWith()) {
      throw TypeSchema.refusal(
          type,
          "it has no constructor without parameters, nor a @JsonCreator; an inner class must be static");
    }
    for (BeanPropertyDefinition property : config.introspect(type).findProperties()) {
      if (members(property)
          .anyMatch(member -> annotations.findUnwrappingNameTransformer(member) != null)) {
        throw TypeSchema.refusal(
            type, "its property %s is annotated as @JsonUnwrapped".formatted(property.getName()));
      }
    }
  }

  private static Stream<AnnotatedMember> members(BeanPropertyDefinition property) {
    return Stream.<AnnotatedMember>of(
            property.getConstructorParameter(),
            property.getField(),
            property.getGetter(),
            property.getSetter())
        .filter(Objects::nonNull);
  }

  /** Checks a property, whose annotations must not change the form of its type. */
  void property(SettableBeanProperty property) {
    AnnotatedMember member = property.getMember();
    if (annotations.findPolymorphicTypeInfo(config, member) != null) {
      throw ofProperty(property, "has its own @JsonTypeInfo; annotate the type instead");
    }
    if (annotations.findContentDeserializer(member) != null
        || annotations.findKeyDeserializer(member) != null) {
      throw ofProperty(property, "has its own deserializer of its contents");
    }
  }

  private static RuntimeException ofProperty(SettableBeanProperty property, String reason) {
    return TypeSchema.refusal(
        property.getType(), "the property %s %s".formatted(property.getName(), reason));
  }

  /** Checks how the subtypes of a type are told apart. */
  void typeIds(JavaType type, TypeDeserializer variants) {
    boolean custom =
        variants.getTypeIdResolver().getMechanism() == JsonTypeInfo.Id.CUSTOM
            || variants instanceof AsDeductionTypeDeserializer;
    if (custom) {
      throw TypeSchema.refusal(
          type, "its @JsonTypeInfo must tell subtypes apart by a name or class");
    }
  }

  /**
   * Checks the property that has the name of a subtype.
   *
   * @param own whether the subtype has a property of that name too
   */
  void typeProperty(JavaType subtype, String name, boolean own) {
    if (!own) {
      return;
    }
    AnnotatedClass annotated = AnnotatedClassResolver.resolve(config, subtype, config);
    JsonTypeInfo.Value info = annotations.findPolymorphicTypeInfo(config, annotated);
    if (info == null || !info.getIdVisible()) {
      throw TypeSchema.refusal(
          subtype,
          "its property %s has the name of the one that tells subtypes apart, and would not be set"
              .formatted(name));
    }
  }
}
