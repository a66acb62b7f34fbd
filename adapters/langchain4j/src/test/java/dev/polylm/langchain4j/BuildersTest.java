package dev.polylm.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frameworks build models by reflection from a configuration, and put proxies before them. */
class BuildersTest {
  private static final Set<Class<?>> CONFIGURABLE =
      Set.of(
          String.class,
          Duration.class,
          Integer.class,
          Long.class,
          Boolean.class,
          Double.class,
          List.class,
          Set.class);

  /** Fields that a framework looks up as beans, since no value of one key can say them. */
  private static final Set<String> BEANS =
      Set.of(
          "polyLm", "adapters", "loadedAdapters", "generationConfig", "defaultRequestParameters");

  @ParameterizedTest
  @ValueSource(
      classes = {
        PolyLmChatModel.class,
        PolyLmStreamingChatModel.class,
        PolyLmLanguageModel.class,
        PolyLmStreamingLanguageModel.class,
        PolyLmEmbeddingModel.class,
        PolyLmScoringModel.class,
        PolyLmTokenCountEstimator.class,
        PolyLmModelCatalog.class
      })
  void canBeUsedByReflection(Class<?> model) throws Exception {
    List<Class<?>> builders =
        Arrays.stream(model.getDeclaredClasses())
            .filter(nested -> nested.getName().endsWith("Builder"))
            .toList();
    assertThat(builders).hasSize(1);
    Class<?> builder = builders.get(0);
    assertThat(Modifier.isPublic(builder.getModifiers())).isTrue();
    assertThat(Modifier.isPublic(builder.getConstructor().getModifiers())).isTrue();
    assertThat(model.getMethod("builder").invoke(null)).isInstanceOf(builder);
    assertThat(builder.getMethod("build").getReturnType()).isEqualTo(model);
    for (Field field : fields(builder)) {
      assertSettable(builder, field);
    }
  }

  private static void assertSettable(Class<?> builder, Field field) throws Exception {
    Method setter = builder.getMethod(field.getName(), field.getType());
    assertThat(setter.getReturnType()).as(setter.toString()).isAssignableFrom(builder);
    setter.invoke(builder.getConstructor().newInstance(), (Object) null);
    assertThat(
            CONFIGURABLE.contains(field.getType())
                || field.getType().isEnum()
                || BEANS.contains(field.getName()))
        .as(field.toString())
        .isTrue();
  }

  private static List<Field> fields(Class<?> builder) {
    List<Field> fields = new ArrayList<>();
    for (Class<?> type = builder; type != Object.class; type = type.getSuperclass()) {
      fields.addAll(List.of(type.getDeclaredFields()));
    }
    return fields;
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        PolyLmChatModel.class,
        PolyLmStreamingChatModel.class,
        PolyLmLanguageModel.class,
        PolyLmStreamingLanguageModel.class,
        PolyLmEmbeddingModel.class,
        PolyLmScoringModel.class,
        PolyLmTokenCountEstimator.class,
        PolyLmModelCatalog.class
      })
  void canHaveAProxy(Class<?> model) throws Exception {
    Constructor<?> constructor = model.getDeclaredConstructor();
    assertThat(Modifier.isProtected(constructor.getModifiers())).isTrue();
    assertThat(Modifier.isFinal(model.getModifiers())).isFalse();
    assertThat(model.getMethods())
        .filteredOn(method -> method.getDeclaringClass().equals(model))
        .noneMatch(method -> Modifier.isFinal(method.getModifiers()));
    assertThat(model.getInterfaces())
        .anyMatch(implemented -> implemented.getName().startsWith("dev.langchain4j.model."));
  }
}
