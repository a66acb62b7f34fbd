/**
 * Measures a model on the tasks of the PolyLM paper and on tasks of lm-evaluation-harness. Begin
 * with {@link dev.polylm.evaluation.Evaluation}.
 */
module dev.polylm.evaluation {
  requires transitive dev.polylm;
  requires transitive static org.jspecify;
  requires com.fasterxml.jackson.databind;
  requires org.yaml.snakeyaml;

  exports dev.polylm.evaluation;
  exports dev.polylm.evaluation.metric;
  exports dev.polylm.evaluation.report;
}
