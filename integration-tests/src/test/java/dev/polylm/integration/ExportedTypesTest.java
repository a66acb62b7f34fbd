package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.PolyLm;
import dev.polylm.export.Exporter;
import dev.polylm.langchain4j.PolyLmChatModel;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a module exports can be used: no public type of an exported package mentions a type of the
 * same module that nobody outside can name.
 */
final class ExportedTypesTest {
  @ParameterizedTest
  @ValueSource(classes = {PolyLm.class, Exporter.class, PolyLmChatModel.class})
  void mentionOnlyExportedTypes(Class<?> anyOfTheModule) throws Exception {
    Path place =
        Path.of(anyOfTheModule.getProtectionDomain().getCodeSource().getLocation().toURI());
    ModuleReference module = ModuleFinder.of(place).findAll().iterator().next();
    Set<String> exported =
        module.descriptor().exports().stream()
            .filter(exports -> !exports.isQualified())
            .map(ModuleDescriptor.Exports::source)
            .collect(Collectors.toSet());
    assertThat(exported).contains(anyOfTheModule.getPackageName());
    Set<String> violations = new TreeSet<>();
    for (Class<?> type : types(module)) {
      if (exported.contains(type.getPackageName()) && isVisible(type)) {
        mentioned(type)
            .filter(used -> module.descriptor().packages().contains(used.getPackageName()))
            .filter(used -> !exported.contains(used.getPackageName()) || !isVisible(used))
            .forEach(used -> violations.add(type.getName() + " mentions " + used.getName()));
      }
    }
    assertThat(violations).isEmpty();
  }

  private static List<Class<?>> types(ModuleReference module)
      throws IOException, ClassNotFoundException {
    List<Class<?>> types = new ArrayList<>();
    try (ModuleReader reader = module.open()) {
      for (String file : reader.list().filter(name -> name.endsWith(".class")).toList()) {
        if (!file.endsWith("-info.class")) {
          String name = file.substring(0, file.length() - ".class".length()).replace('/', '.');
          types.add(Class.forName(name, false, ExportedTypesTest.class.getClassLoader()));
        }
      }
    }
    assertThat(types).isNotEmpty();
    return types;
  }

  private static boolean isVisible(Class<?> type) {
    for (Class<?> outer = type; outer != null; outer = outer.getEnclosingClass()) {
      if (!isVisible(outer.getModifiers())) {
        return false;
      }
    }
    return true;
  }

  private static boolean isVisible(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static Stream<Class<?>> mentioned(Class<?> type) {
    Stream<Type> types =
        Stream.of(
                Stream.of(type.getGenericInterfaces()),
                Stream.ofNullable(type.getGenericSuperclass()),
                bounds(type.getTypeParameters()),
                visible(type.getDeclaredFields()).map(Field::getGenericType),
                visible(type.getDeclaredMethods()).map(Method::getGenericReturnType),
                visible(type.getDeclaredMethods()).flatMap(ExportedTypesTest::signature),
                visible(type.getDeclaredConstructors()).flatMap(ExportedTypesTest::signature),
                Stream.ofNullable(type.getRecordComponents())
                    .flatMap(Arrays::stream)
                    .map(RecordComponent::getGenericType))
            .flatMap(part -> part);
    return types.flatMap(ExportedTypesTest::classes);
  }

  private static <M extends Member> Stream<M> visible(M[] members) {
    return Arrays.stream(members)
        .filter(member -> isVisible(member.getModifiers()) && !member.isSynthetic());
  }

  private static Stream<Type> signature(Executable executable) {
    return Stream.of(
            Stream.of(executable.getGenericParameterTypes()),
            Stream.of(executable.getGenericExceptionTypes()),
            bounds(executable.getTypeParameters()))
        .flatMap(part -> part);
  }

  private static Stream<Type> bounds(TypeVariable<?>[] variables) {
    return Arrays.stream(variables).flatMap(variable -> Arrays.stream(variable.getBounds()));
  }

  /** The classes that a type is made of. */
  private static Stream<Class<?>> classes(Type type) {
    if (type instanceof Class<?> plain) {
      return plain.isArray() ? classes(plain.getComponentType()) : Stream.of(plain);
    }
    if (type instanceof ParameterizedType generic) {
      return Stream.concat(
              Stream.of(generic.getRawType()), Stream.of(generic.getActualTypeArguments()))
          .flatMap(ExportedTypesTest::classes);
    }
    if (type instanceof WildcardType wildcard) {
      return Stream.concat(
              Stream.of(wildcard.getUpperBounds()), Stream.of(wildcard.getLowerBounds()))
          .flatMap(ExportedTypesTest::classes);
    }
    return type instanceof GenericArrayType array
        ? classes(array.getGenericComponentType())
        : Stream.of(); // a variable, whose bounds stand where it is declared
  }
}
