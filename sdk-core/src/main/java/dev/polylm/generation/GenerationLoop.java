package dev.polylm.generation;

import dev.polylm.runtime.Decoder;
import dev.polylm.runtime.DecoderState;

/** Runs the model for a search: the prompt once, then a step for all of its rows at a time. */
final class GenerationLoop {
  private final Decoder decoder;

  GenerationLoop(Decoder decoder) {
    this.decoder = decoder;
  }

  /** Runs a search to its end. */
  void run(Search search) {
    int[] prompt = search.prompts().get(0);
    // The last id of a sequence is never read.
    int capacity = Math.max(prompt.length, search.maxLength() - 1);
    try (DecoderState state = decoder.newState(search.maxRows(), capacity, 1)) {
      RowPlacement placement = new RowPlacement();
      state.prefill(0, prompt, 0, prompt.length);
      search.advance((row, target) -> state.copyLogits(0, target));
      while (!search.finished()) {
        placement.arrange(search.rows(), search.parents(), state::copyRow);
        state.decode(nextIds(search, placement));
        search.advance((row, target) -> state.copyLogits(placement.place(row), target));
      }
    }
  }

  /** The ids that the cache's rows read, in the order of the cache. */
  private static int[] nextIds(Search search, RowPlacement placement) {
    int[] ids = new int[search.rows()];
    for (int row = 0; row < ids.length; row++) {
      ids[placement.place(row)] = search.nextId(row);
    }
    return ids;
  }
}
