package dev.polylm.quarkus;

import jakarta.enterprise.util.Nonbinding;
import jakarta.inject.Qualifier;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Chooses a model that the configuration names: {@code @Inject @Model("small") PolyLm small}.
 * {@code small:legal} is that model with its adapter {@code legal}, and {@code :legal} the model
 * without a name with that adapter.
 */
@Qualifier @Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER, ElementType.TYPE})
public @interface Model {
  /**
   * Returns the name after {@code quarkus.polylm.models.}, with {@code :adapter} for an adapter.
   */
  @Nonbinding
  String value();
}
