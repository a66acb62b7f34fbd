package dev.polylm.internal.constraint.answer;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The mapper that reads answers as Java objects. */
public final class AnswerMapper {
  /** An answer's numbers have any number of digits; a model's context limits them. */
  private static final int MAX_NUMBER_LENGTH = 100_000;

  private AnswerMapper() {}

  /**
   * Returns a mapper that also reads sealed types without Jackson's annotations: the property
   * {@code type} has the simple name of the class.
   */
  public static ObjectMapper create() {
    StreamReadConstraints constraints =
        StreamReadConstraints.builder().maxNumberLength(MAX_NUMBER_LENGTH).build();
    return JsonMapper.builder(JsonFactory.builder().streamReadConstraints(constraints).build())
        .annotationIntrospector(new SealedTypes())
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build();
  }

  private static final class SealedTypes extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(
        MapperConfig<?> config, Annotated annotated) {
      JsonTypeInfo.Value info = super.findPolymorphicTypeInfo(config, annotated);
      return info == null && isSealed(annotated)
          ? JsonTypeInfo.Value.construct(
              JsonTypeInfo.Id.SIMPLE_NAME,
              JsonTypeInfo.As.PROPERTY,
              "type",
              null,
              false,
              true,
              null)
          : info;
    }

    @Override
    public @Nullable List<NamedType> findSubtypes(Annotated annotated) {
      List<NamedType> named = super.findSubtypes(annotated);
      return named == null && isSealed(annotated)
          ? Arrays.stream(annotated.getRawType().getPermittedSubclasses())
              .map(NamedType::new)
              .toList()
          : named;
    }

    private static boolean isSealed(Annotated annotated) {
      return annotated instanceof AnnotatedClass && annotated.getRawType().isSealed();
    }
  }
}
