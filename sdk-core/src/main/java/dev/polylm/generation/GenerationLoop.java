package dev.polylm.generation;

import dev.polylm.runtime.Decoder;
import dev.polylm.runtime.DecoderState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;

/** Runs the model for a search: each prompt once, then a step for all of its rows at a time. */
final class GenerationLoop {
  private final Decoder decoder;

  GenerationLoop(Decoder decoder) {
    this.decoder = decoder;
  }

  /** Runs a search to its end, or until the control ends it. */
  Timings run(Search search, GenerationControl control) {
    int longest = search.prompts().stream().mapToInt(ids -> ids.length).max().orElseThrow();
    // The last id of a sequence is never read.
    int capacity = Math.max(longest, search.maxLength() - 1);
    int rows = Math.max(search.maxRows(), search.prompts().size());
    try (DecoderState state = decoder.newState(rows, capacity, 1 + search.maxDraftIds())) {
      control.setTerminator(state::terminate);
      Duration begun = control.elapsed();
      Duration read = begun;
      Duration first = begun;
      int steps = 0;
      try {
        float[][] logits = readPrompts(search, state);
        read = control.elapsed();
        search.advance((row, target) -> System.arraycopy(logits[row], 0, target, 0, target.length));
        first = control.elapsed();
        steps = steps(search, state, control);
      } catch (CancellationException e) {
        search.stop(FinishReason.CANCELLED); // the run under way was terminated
      } finally {
        control.setTerminator(null);
      }
      Duration decode = control.elapsed().minus(first);
      return new Timings(begun, read.minus(begun), first, decode, steps);
    }
  }

  /** Runs the steps after the prompt, and says how many. */
  private static int steps(Search search, DecoderState state, GenerationControl control) {
    RowPlacement placement = new RowPlacement(search.prompts().size());
    int steps = 0;
    while (!search.finished()) {
      FinishReason reason = control.reasonToStop();
      if (reason != null) {
        search.stop(reason);
      } else {
        placement.arrange(search.rows(), search.parents(), state::copyRow);
        step(search, state, placement);
        steps++;
      }
    }
    return steps;
  }

  /** Reads each prompt into its row, and gives the logits that follow: [prompts, vocabSize]. */
  private float[][] readPrompts(Search search, DecoderState state) {
    List<int[]> prompts = search.prompts();
    float[][] logits = new float[prompts.size()][decoder.dimensions().vocabSize()];
    for (int row = 0; row < logits.length; row++) {
      state.prefill(row, prompts.get(row), 0, prompts.get(row).length);
      state.copyLogits(0, logits[row]);
    }
    return logits;
  }

  private static void step(Search search, DecoderState state, RowPlacement placement) {
    int[] draftIds = search.draftIds();
    if (draftIds.length == 0) {
      state.decode(nextIds(search, placement));
      search.advance((row, target) -> state.copyLogits(placement.place(row), target));
      return;
    }
    int[] ids = new int[1 + draftIds.length];
    ids[0] = search.nextId(0);
    System.arraycopy(draftIds, 0, ids, 1, draftIds.length);
    int held = state.length(0);
    state.prefillWithAllLogits(0, ids, 0, ids.length);
    search.advance(state::copyLogits);
    state.truncate(0, held + search.heldIds());
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
