package dev.polylm.generation;

import dev.polylm.runtime.DecodingTask;
import java.util.List;

/** The choice of ids for one request, apart from the model: logits in, ids out. */
public interface Search extends DecodingTask {

  /** The answers, the best first. */
  List<Hypothesis> results();
}
