package dev.polylm.generation;

import dev.polylm.sampling.ArgMax;
import dev.polylm.sampling.LogSoftmax;
import dev.polylm.sampling.Multinomial;
import dev.polylm.sampling.ProcessorChain;
import dev.polylm.sampling.SeededRandom;
import dev.polylm.sampling.TokenBuffer;
import dev.polylm.sampling.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Sequences that go their own way from one prompt: the most probable id at each step, or one drawn
 * by its probability.
 */
final class SampleSearch implements Search {
  private final GenerationConfig config;
  private final Set<Integer> stopIds;
  private final int[] promptIds;
  private final int maxLength;
  private final ProcessorChain processors;
  private final Workspace workspace = new Workspace();
  private final IntConsumer idListener;
  private final float[] logits; // [vocabSize], of one row at a time
  private final List<Sequence> sequences = new ArrayList<>(); // [numReturnSequences]
  private final int[] parents; // [numReturnSequences]
  private List<Sequence> live; // those that want another step, a row each

  /** One answer while it is made. */
  private static final class Sequence {
    final TokenBuffer tokens;
    final SeededRandom random;
    final float[] tokenLogprobs; // one for each new id; empty where they are not wanted
    boolean stopped;

    Sequence(TokenBuffer tokens, SeededRandom random, int logprobs) {
      this.tokens = tokens;
      this.random = random;
      this.tokenLogprobs = new float[logprobs];
    }
  }

  /**
   * @param seed what the draws follow from
   * @param idListener is given each new id of the first sequence
   */
  SampleSearch(
      GenerationConfig config,
      long seed,
      int[] promptIds,
      int maxLength,
      int vocabSize,
      IntConsumer idListener) {
    this.config = config;
    this.stopIds = Set.copyOf(config.eosTokenId());
    this.promptIds = promptIds;
    this.maxLength = maxLength;
    this.processors = LogitsProcessors.of(config, maxLength, vocabSize).build();
    this.idListener = idListener;
    this.logits = new float[vocabSize];
    this.parents = new int[config.numReturnSequences()];
    int logprobs = config.outputLogprobs() ? maxLength - promptIds.length : 0;
    for (int i = 0; i < config.numReturnSequences(); i++) {
      sequences.add(
          new Sequence(TokenBuffer.ofPrompt(promptIds), SeededRandom.forRow(seed, i), logprobs));
    }
    this.live = sequences;
  }

  @Override
  public void advance(RowLogits rowLogits) {
    boolean first = live.get(0).tokens.size() == promptIds.length;
    List<Sequence> next = new ArrayList<>();
    for (int row = 0; row < live.size(); row++) {
      Sequence sequence = live.get(row);
      int source = first ? 0 : row; // every sequence goes on from the prompt's only row
      extend(sequence, source, rowLogits);
      if (!sequence.stopped && sequence.tokens.size() < maxLength) {
        parents[next.size()] = source;
        next.add(sequence);
      }
    }
    live = next;
  }

  private void extend(Sequence sequence, int row, RowLogits rowLogits) {
    rowLogits.copy(row, logits);
    processors.process(sequence.tokens, logits, workspace);
    int id =
        config.doSample()
            ? Multinomial.sample(logits, sequence.random, workspace)
            : ArgMax.of(logits);
    if (config.outputLogprobs()) {
      rowLogits.copy(row, logits); // the model's own, which the processors may have changed
      sequence.tokenLogprobs[sequence.tokens.size() - promptIds.length] =
          LogSoftmax.logProbability(logits, id);
    }
    sequence.tokens.append(id);
    sequence.stopped = stopIds.contains(id);
    if (sequence == sequences.get(0)) {
      idListener.accept(id);
    }
  }

  @Override
  public List<int[]> prompts() {
    return List.of(promptIds);
  }

  @Override
  public int maxRows() {
    return sequences.size();
  }

  @Override
  public int maxLength() {
    return maxLength;
  }

  @Override
  public boolean finished() {
    return live.isEmpty();
  }

  @Override
  public int rows() {
    return live.size();
  }

  @Override
  public int[] parents() {
    return parents;
  }

  @Override
  public int nextId(int row) {
    TokenBuffer tokens = live.get(row).tokens;
    return tokens.get(tokens.size() - 1);
  }

  @Override
  public List<Hypothesis> results() {
    return sequences.stream().map(SampleSearch::hypothesis).toList();
  }

  private static Hypothesis hypothesis(Sequence sequence) {
    int[] newIds = sequence.tokens.newIds();
    return new Hypothesis(
        newIds,
        sequence.stopped ? FinishReason.STOP_TOKEN : FinishReason.LENGTH,
        OptionalDouble.empty(),
        Arrays.copyOf(
            sequence.tokenLogprobs, Math.min(sequence.tokenLogprobs.length, newIds.length)));
  }
}
