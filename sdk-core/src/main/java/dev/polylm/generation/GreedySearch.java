package dev.polylm.generation;

import dev.polylm.sampling.ArgMax;
import dev.polylm.sampling.LogSoftmax;
import dev.polylm.sampling.LogitsProcessor;
import dev.polylm.sampling.TokenBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.IntConsumer;

/** Takes the most probable id at each step. */
final class GreedySearch implements Search {
  private static final int[] PARENTS = {0};

  private final Set<Integer> stopIds;
  private final int maxLength;
  private final LogitsProcessor processors;
  private final IntConsumer idListener;
  private final TokenBuffer tokens;
  private final float[] logits; // [vocabSize]
  private final float[] tokenLogprobs; // one for each new id; empty where they are not wanted
  private boolean stopped;

  /**
   * @param maxLength ids of prompt and answer together at which the answer ends
   * @param wantLogprobs the log-probabilities of the new ids are wanted
   * @param idListener is given each new id
   */
  GreedySearch(
      Set<Integer> stopIds,
      int maxLength,
      boolean wantLogprobs,
      LogitsProcessor processors,
      IntConsumer idListener,
      int[] promptIds,
      int vocabSize) {
    this.stopIds = stopIds;
    this.maxLength = maxLength;
    this.processors = processors;
    this.idListener = idListener;
    this.tokens = new TokenBuffer(promptIds, maxLength);
    this.logits = new float[vocabSize];
    this.tokenLogprobs = new float[wantLogprobs ? maxLength - promptIds.length : 0];
  }

  @Override
  public void advance(RowLogits rowLogits) {
    rowLogits.copy(0, logits);
    int position = tokens.size() - tokens.promptLength();
    processors.process(tokens, logits);
    int id = ArgMax.of(logits);
    if (tokenLogprobs.length > 0) {
      rowLogits.copy(0, logits); // the model's own, which the processors may have changed
      tokenLogprobs[position] = LogSoftmax.logProbability(logits, id);
    }
    tokens.append(id);
    stopped = stopIds.contains(id);
    idListener.accept(id);
  }

  @Override
  public boolean finished() {
    return stopped || tokens.size() >= maxLength;
  }

  @Override
  public int rows() {
    return 1;
  }

  @Override
  public int[] parents() {
    return PARENTS;
  }

  @Override
  public int nextId(int row) {
    return tokens.get(tokens.size() - 1);
  }

  @Override
  public List<Hypothesis> results() {
    int[] newIds = tokens.newIds();
    return List.of(
        new Hypothesis(
            newIds,
            stopped ? FinishReason.STOP_TOKEN : FinishReason.LENGTH,
            OptionalDouble.empty(),
            Arrays.copyOf(tokenLogprobs, Math.min(tokenLogprobs.length, newIds.length))));
  }
}
