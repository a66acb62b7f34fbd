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
 * Selects a model: {@code @Inject @Model("small") PolyLm} is the one of {@code
 * polylm.small.model.path}. Without the qualifier, the model of {@code polylm.model.path} is
 * injected. If that key is not set, the first model by name is injected, or the one on the class
 * path if no model is named.
 */
@Qualifier @Documented
@Retention(RUNTIME)
@Target({FIELD, METHOD, PARAMETER, TYPE})
public @interface Model {
  /** Returns the model's name in the configuration. */
  String value();
}
