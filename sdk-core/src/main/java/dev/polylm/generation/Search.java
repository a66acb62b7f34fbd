package dev.polylm.generation;

import dev.polylm.decoding.DecodingTask;
import java.util.List;

/** The choice of ids for one request, apart from the model: logits in, ids out. */
interface Search extends DecodingTask {

  /** Ends all sequences with what they have. */
  void stop(FinishReason reason);

  /** The answers, the best first. */
  List<Hypothesis> results();
}
