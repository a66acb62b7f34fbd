package dev.polylm.internal.logits;

import dev.polylm.logits.Step;
import dev.polylm.logits.TokenSequence;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The processors of a request in the order of {@link Step}, regardless of the order in which they
 * were added. Immutable and thread-safe: one chain serves all rows of a request, on any thread.
 * Each thread has its own {@link Workspace}.
 */
public final class ProcessorChain {
  private final ChainStep[] steps;
  private final int sampling; // the number of steps before those that shape the draws

  private ProcessorChain(List<ChainStep> steps, int sampling) {
    this.steps = steps.toArray(ChainStep[]::new);
    this.sampling = sampling;
  }

  /** Returns a builder without processors. */
  public static ProcessorChainBuilder builder() {
    return new ProcessorChainBuilder();
  }

  /**
   * Runs all processors.
   *
   * @param inputIds the row so far, at least one id, all below vocabSize
   * @param logits [vocabSize], changed in place
   * @param workspace the workspace of the calling thread
   * @throws dev.polylm.PolyLmException if a sampling step finds NaN, plus infinity or only minus
   *     infinity
   */
  public void process(TokenSequence inputIds, float[] logits, Workspace workspace) {
    run(0, steps.length, inputIds, logits, workspace);
  }

  /**
   * Runs all processors, and a mask between those that add or forbid and those that shape the
   * draws. No processor can undo the mask.
   *
   * @param mask sets the logits of forbidden ids to minus infinity; returns whether any id is left
   * @return whether any id is left
   * @throws dev.polylm.PolyLmException as {@link #process(TokenSequence, float[], Workspace)}
   */
  public boolean process(
      TokenSequence inputIds, float[] logits, Workspace workspace, Predicate<float[]> mask) {
    run(0, sampling, inputIds, logits, workspace);
    boolean left = mask.test(logits);
    if (left && sampling < steps.length) {
      run(sampling, steps.length, inputIds, logits, workspace);
      left = mask.test(logits);
    }
    return left;
  }

  private void run(int from, int to, TokenSequence inputIds, float[] logits, Workspace workspace) {
    for (int i = from; i < to; i++) {
      steps[i].apply(inputIds, logits, workspace);
    }
  }

  /** Returns whether the chain leaves all logits as they are. */
  public boolean isEmpty() {
    return steps.length == 0;
  }

  /** The processors before, at and after each step. */
  static final class Places {
    private final Map<Step, List<ChainStep>> before = new EnumMap<>(Step.class);
    private final Map<Step, ChainStep> at = new EnumMap<>(Step.class);
    private final Map<Step, List<ChainStep>> after = new EnumMap<>(Step.class);

    void before(Step step, ChainStep processor) {
      before.computeIfAbsent(step, s -> new ArrayList<>()).add(processor);
    }

    void at(Step step, ChainStep processor) {
      at.put(step, processor);
    }

    void after(Step step, ChainStep processor) {
      after.computeIfAbsent(step, s -> new ArrayList<>()).add(processor);
    }

    ProcessorChain chain() {
      List<ChainStep> steps = new ArrayList<>();
      int sampling = 0;
      for (Step step : Step.values()) {
        steps.addAll(before.getOrDefault(step, List.of()));
        if (step == Step.TEMPERATURE) {
          sampling = steps.size();
        }
        if (at.containsKey(step)) {
          steps.add(at.get(step));
        }
        steps.addAll(after.getOrDefault(step, List.of()));
      }
      return new ProcessorChain(steps, sampling);
    }
  }
}
