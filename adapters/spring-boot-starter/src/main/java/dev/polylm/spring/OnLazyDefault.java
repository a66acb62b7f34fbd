package dev.polylm.spring;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches if the default model is opened when it is first needed. */
final class OnLazyDefault implements Condition {
  @Override
  public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
    PropertyKeys keys = new PropertyKeys(context.getEnvironment());
    return keys.isLazy(keys.defaultModel());
  }

  /** Matches if it is opened when the application starts. */
  static final class Not implements Condition {
    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
      return !new OnLazyDefault().matches(context, metadata);
    }
  }
}
