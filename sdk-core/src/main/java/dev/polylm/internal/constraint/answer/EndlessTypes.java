package dev.polylm.internal.constraint.answer;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds types that contain ever new types, such as {@code Nest<T>} with a {@code Nest<List<T>>} in
 * it. Jackson would never come to an end with them.
 */
final class EndlessTypes {
  private static final int MAX_TYPES = 1_000;

  private final Set<JavaType> seen = new HashSet<>();
  private final Deque<JavaType> open = new ArrayDeque<>();

  private EndlessTypes() {}

  /**
   * Checks a type.
   *
   * @throws dev.polylm.PolyLmException if there are over 1,000 types in it
   */
  static void refuse(DeserializationConfig config, JavaType type) {
    EndlessTypes types = new EndlessTypes();
    types.add(type);
    while (!types.open.isEmpty()) {
      if (types.seen.size() > MAX_TYPES) {
        throw TypeSchema.refusal(
            type,
            "there are over %s types in it, as in a type that contains itself with ever other type arguments"
                .formatted(MAX_TYPES));
      }
      types.look(config, types.open.remove());
    }
  }

  private void add(@Nullable JavaType type) {
    if (type != null && seen.add(type)) {
      open.add(type);
    }
  }

  private void look(DeserializationConfig config, JavaType type) {
    add(type.getKeyType());
    add(type.getContentType());
    if (isLeaf(type)) {
      return;
    }
    BeanDescription bean = config.introspect(type);
    for (BeanPropertyDefinition property : bean.findProperties()) {
      add(property.getPrimaryType());
    }
    Class<?>[] subclasses = type.getRawClass().getPermittedSubclasses();
    if (subclasses != null) {
      for (Class<?> subclass : subclasses) {
        add(config.constructSpecializedType(type, subclass));
      }
    }
  }

  private static boolean isLeaf(JavaType type) {
    return type.isPrimitive()
        || type.isEnumType()
        || type.isContainerType()
        || type.getRawClass().getName().startsWith("java.");
  }
}
