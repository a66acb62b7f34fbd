package dev.polylm.jakarta;

import static java.lang.annotation.ElementType.FIELD;
import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.PARAMETER;
import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import jakarta.inject.Qualifier;
import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * Tells models apart: {@code @Inject @Model("small") PolyLm} is the one of {@code
 * polylm.small.model.path}. Without the qualifier the one of {@code polylm.model.path} is injected,
 * or if that is not set, the first by name, or the one on the class path.
 */
@Qualifier @Documented
@Retention(RUNTIME)
@Target({FIELD, METHOD, PARAMETER, TYPE})
public @interface Model {
  /** What the configuration calls the model. */
  String value();
}
