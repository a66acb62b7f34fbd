package dev.polylm.internal.search;

import dev.polylm.PolyLmException;
import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.internal.logits.LogSoftmax;
import dev.polylm.internal.logits.ProcessorChain;
import dev.polylm.internal.logits.TokenBuffer;
import dev.polylm.internal.logits.Workspace;
import dev.polylm.internal.text.AnswerText;
import dev.polylm.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Beam search with Hugging Face's meaning: the sequences with the highest sum of log-probabilities,
 * numBeams of them kept at each step.
 *
 * <p>Source: {@code GenerationMixin._beam_search} of transformers 5.17, for one prompt. A beam
 * there that starts with the score -1e9 is absent here.
 */
public final class BeamSearch extends Search {
  private final GenerationConfig config;
  private final @Nullable Tokenizer tokenizer;
  private final Set<Integer> stopIds;
  private final int[] promptIds;
  private final int maxLength;
  private final ProcessorChain processors;
  private final Workspace workspace = new Workspace();
  private final float[] logProbabilities; // [vocabSize], of one row at a time
  private final CandidateChoice choice;
  private final BeamCandidates candidates;
  private final FinishedBeams finishedBeams;
  private final BeamLogprobs logprobs;
  private TokenBuffer[] running; // [numBeams], the first rows of them in use
  private TokenBuffer[] spare; // [numBeams], what running becomes in the next step
  private final float[] scores; // [numBeams], sums of log-probabilities
  private final float[] nextScores;
  private final int[] parents; // [numBeams]
  private final int[] nextIds; // [numBeams]
  private int rows = 1;
  private boolean finished;
  private FinishReason stopReason = FinishReason.LENGTH; // where no sequence has one of its own

  /**
   * @param seed what the draws follow from, where the candidates are drawn
   * @param processors what changes the log-probabilities before the choice
   * @param tokenizer null where the model takes ids only
   */
  public BeamSearch(
      GenerationConfig config,
      long seed,
      int[] promptIds,
      int maxLength,
      int vocabSize,
      ProcessorChain processors,
      @Nullable Tokenizer tokenizer) {
    int numBeams = config.numBeams();
    this.config = config;
    this.tokenizer = tokenizer;
    this.stopIds = Set.copyOf(config.eosTokenId());
    this.promptIds = promptIds;
    this.maxLength = maxLength;
    this.processors = processors;
    this.logProbabilities = new float[vocabSize];
    // Enough that numBeams candidates remain when every beam's best ids end it.
    this.candidates = new BeamCandidates(Math.max(2, 1 + stopIds.size()) * numBeams);
    this.choice =
        config.doSample()
            ? new CandidateChoice.Drawn(numBeams, vocabSize, seed, workspace)
            : new CandidateChoice.Best(candidates);
    this.finishedBeams = new FinishedBeams(config, promptIds.length, maxLength);
    this.logprobs = new BeamLogprobs(config, vocabSize);
    this.running = buffers(numBeams, promptIds);
    this.spare = buffers(numBeams, promptIds);
    this.scores = new float[numBeams];
    this.nextScores = new float[numBeams];
    this.parents = new int[numBeams];
    this.nextIds = new int[numBeams];
  }

  private static TokenBuffer[] buffers(int count, int[] promptIds) {
    TokenBuffer[] buffers = new TokenBuffer[count];
    for (int i = 0; i < count; i++) {
      buffers[i] = TokenBuffer.ofPrompt(promptIds);
    }
    return buffers;
  }

  @Override
  public void advance(RowLogits logits) {
    candidates.clear();
    for (int row = 0; row < rows; row++) {
      logits.copy(row, logProbabilities);
      LogSoftmax.inPlace(logProbabilities);
      logprobs.read(row, logProbabilities);
      processors.process(running[row], logProbabilities, workspace);
      choice.offer(row, logProbabilities, scores[row]);
    }
    choice.choose(rows, candidates);
    if (candidates.size() == 0) {
      throw new PolyLmException("no id can follow: the logits processors left none possible");
    }
    takeFinished();
    candidates.sort();
    takeRunning();
    finished = rows == 0 || !finishedBeams.mayImprove(scores[0], running[0].size());
  }

  /** Only the best numBeams candidates may finish; the others are there to go on from. */
  private void takeFinished() {
    int top = Math.min(config.numBeams(), candidates.size());
    for (int i = 0; i < top; i++) {
      FinishReason reason = end(i);
      if (reason != null) {
        int beam = candidates.beam(i);
        int id = candidates.id(i);
        finishedBeams.offer(
            withLast(running[beam].newIds(), id),
            candidates.score(i),
            reason,
            logprobs.of(beam, id));
      }
    }
  }

  /** Why a candidate ends its beam, null where it does not. */
  private @Nullable FinishReason end(int candidate) {
    TokenBuffer beam = running[candidates.beam(candidate)];
    if (stopIds.contains(candidates.id(candidate))) {
      return FinishReason.STOP_TOKEN;
    }
    if (tokenizer != null && !config.stopStrings().isEmpty()) {
      int[] ids = withLast(beam.newIds(), candidates.id(candidate));
      if (AnswerText.of(tokenizer, config, ids).stopped()) {
        return FinishReason.STOP_STRING;
      }
    }
    return beam.size() + 1 >= maxLength ? FinishReason.LENGTH : null;
  }

  private static int[] withLast(int[] ids, int last) {
    int[] all = Arrays.copyOf(ids, ids.length + 1);
    all[ids.length] = last;
    return all;
  }

  private void takeRunning() {
    int count = 0;
    for (int i = 0; i < candidates.size() && count < config.numBeams(); i++) {
      if (end(i) == null) {
        parents[count] = candidates.beam(i);
        nextIds[count] = candidates.id(i);
        nextScores[count] = candidates.score(i);
        spare[count].copyFrom(running[candidates.beam(i)]);
        spare[count].append(candidates.id(i));
        logprobs.extend(count, candidates.beam(i), candidates.id(i));
        count++;
      }
    }
    TokenBuffer[] before = running;
    running = spare;
    spare = before;
    logprobs.advance();
    System.arraycopy(nextScores, 0, scores, 0, count);
    rows = count;
  }

  @Override
  public void stop(FinishReason reason) {
    for (int row = 0; row < rows; row++) {
      int[] newIds = running[row].newIds();
      if (newIds.length > 0) {
        finishedBeams.offer(newIds, scores[row], reason, logprobs.of(row));
      }
    }
    stopReason = reason;
    rows = 0;
    finished = true;
  }

  @Override
  public List<int[]> prompts() {
    return List.of(promptIds);
  }

  @Override
  public boolean reproducible() {
    return config.reproducible();
  }

  @Override
  public int maxRows() {
    return config.numBeams();
  }

  @Override
  public int maxLength() {
    return maxLength;
  }

  @Override
  public boolean finished() {
    return finished;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int[] parents() {
    return parents;
  }

  @Override
  public int nextId(int row) {
    return nextIds[row];
  }

  @Override
  public List<GeneratedSequence> results() {
    int count = config.numReturnSequences();
    List<FinishedBeams.Beam> best = finishedBeams.best(count);
    if (best.isEmpty()) { // stopped before the first id
      return Collections.nCopies(
          count, sequence(new int[0], stopReason, OptionalDouble.empty(), null));
    }
    return best.stream()
        .map(b -> sequence(b.newIds(), b.reason(), OptionalDouble.of(b.score()), b.note()))
        .toList();
  }

  /** Of a beam's ids at its end: until then it is not known which beams become answers. */
  private GeneratedSequence sequence(
      int[] newIds, FinishReason reason, OptionalDouble score, BeamLogprobs.@Nullable Note note) {
    return new GeneratedSequence(
        newIds,
        tokenizer == null ? null : AnswerText.of(tokenizer, config, newIds).text(),
        reason,
        score,
        BeamLogprobs.tokenLogprobs(note),
        BeamLogprobs.topLogprobs(note));
  }
}
