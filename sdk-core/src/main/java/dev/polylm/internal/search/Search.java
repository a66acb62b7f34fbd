package dev.polylm.internal.search;

import dev.polylm.generation.DraftCounts;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.internal.decoding.DecodingTask;
import java.util.List;

/** The choice of ids for one request, apart from the model: logits in, ids out. */
public interface Search extends DecodingTask {

  /** The answers, the best first. */
  List<GeneratedSequence> results();

  /** How many ids prompt lookup guessed, and how many of them held. */
  default DraftCounts draftCounts() {
    return DraftCounts.NONE;
  }
}
