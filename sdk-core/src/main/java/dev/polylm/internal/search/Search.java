package dev.polylm.internal.search;

import dev.polylm.generation.FinishReason;
import dev.polylm.internal.decoding.DecodingTask;
import java.util.List;

/** The choice of ids for one request, apart from the model: logits in, ids out. */
public interface Search extends DecodingTask {

  /** Ends all sequences with what they have. */
  void stop(FinishReason reason);

  /** The answers, the best first. */
  List<Hypothesis> results();
}
