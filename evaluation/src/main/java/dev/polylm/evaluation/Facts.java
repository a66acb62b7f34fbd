package dev.polylm.evaluation;

import dev.polylm.Adapter;
import dev.polylm.PolyLm;
import dev.polylm.evaluation.report.Report.ModelFacts;
import dev.polylm.model.Manifest;

/** Says which model was measured. */
final class Facts {
  private Facts() {}

  static ModelFacts of(PolyLm model) {
    Manifest manifest = model.manifest();
    Adapter adapter = Adapter.of(model);
    return new ModelFacts(
        manifest.name(),
        manifest.weights(),
        manifest.kvCache(),
        manifest.promptForm(),
        adapter == null ? null : adapter.name());
  }
}
