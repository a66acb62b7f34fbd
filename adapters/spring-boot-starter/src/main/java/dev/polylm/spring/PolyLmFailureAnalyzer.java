package dev.polylm.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Reports a model that can't be opened without a stack trace. */
final class PolyLmFailureAnalyzer extends AbstractFailureAnalyzer<ModelNotOpenException> {
  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, ModelNotOpenException cause) {
    return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
  }
}
