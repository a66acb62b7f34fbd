package dev.polylm.internal.search;

import dev.polylm.PolyLmException;
import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.internal.constraint.mask.State;
import dev.polylm.internal.logits.LogSoftmax;
import dev.polylm.internal.logits.ProcessorChain;
import dev.polylm.internal.logits.TokenBuffer;
import dev.polylm.internal.logits.Workspace;
import dev.polylm.internal.text.AnswerText;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Beam search as in Hugging Face. It finds sequences with a high sum of log-probabilities, and
 * keeps the best numBeams of them at each step.
 *
 * <p>Source: {@code GenerationMixin._beam_search} of transformers 5.17, for one prompt. There,
 * unused beams start with the score -1e9; here they do not exist.
 */
public final class BeamSearch extends Search {
  private final GenerationConfig config;
  private final AnswerText.@Nullable Source texts;
  private final Set<Integer> stopIds;
  private final int[] promptIds;
  private final int maxLength;
  private final MaskedProcessors processors;
  private final Workspace workspace = new Workspace();
  private final float[] logProbabilities; // [vocabSize], of one row at a time
  private final CandidateChoice choice;
  private final BeamCandidates candidates;
  private final BeamCandidates goingOn; // [numBeams], those that do not end
  private final @Nullable PhraseBanks banks; // of the phrases that must occur; null without any
  private final FinishedBeams finishedBeams;
  private final BeamLogprobs logprobs;
  private TokenBuffer[] running; // [numBeams], the first rows of them in use
  private TokenBuffer[] spare; // [numBeams], what running becomes in the next step
  private @Nullable State[] states; // [numBeams], of the constraint; null without one
  private @Nullable State[] nextStates;
  private final float[] scores; // [numBeams], sums of log-probabilities
  private final float[] nextScores;
  private final int[] parents; // [numBeams]
  private final int[] nextIds; // [numBeams]
  private int rows = 1;
  private boolean finished;
  private FinishReason stopReason = FinishReason.LENGTH; // if no sequence has its own

  /**
   * @param seed the seed of the draws, if the candidates are drawn
   * @param processors change the log-probabilities before the choice
   * @param constraint the state of the constraint before the first id, or null if there is none
   * @param texts null if the model takes ids only
   */
  public BeamSearch(
      GenerationConfig config,
      long seed,
      int[] promptIds,
      int maxLength,
      int vocabSize,
      ProcessorChain processors,
      @Nullable State constraint,
      AnswerText.@Nullable Source texts) {
    int numBeams = config.numBeams();
    this.config = config;
    this.texts = texts;
    this.stopIds = Set.copyOf(config.eosTokenId());
    this.promptIds = promptIds;
    this.maxLength = maxLength;
    this.processors = new MaskedProcessors(processors, workspace);
    this.logProbabilities = new float[vocabSize];
    // Enough that numBeams candidates remain when every beam's best ids end it.
    this.candidates = new BeamCandidates(Math.max(2, 1 + stopIds.size()) * numBeams);
    this.goingOn = new BeamCandidates(numBeams);
    this.banks = PhraseBanks.of(constraint, texts == null ? null : texts.tokenizer(), numBeams);
    this.choice =
        config.doSample()
            ? new CandidateChoice.Drawn(numBeams, vocabSize, seed, workspace)
            : new CandidateChoice.Best(candidates);
    this.finishedBeams = new FinishedBeams(config, promptIds.length, maxLength);
    this.logprobs = new BeamLogprobs(config, vocabSize);
    this.running = buffers(numBeams, promptIds);
    this.spare = buffers(numBeams, promptIds);
    this.states = new State[numBeams];
    this.nextStates = new State[numBeams];
    states[0] = constraint;
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
    if (banks != null) {
      banks.clear();
    }
    boolean left = false;
    for (int row = 0; row < rows; row++) {
      logits.copy(row, logProbabilities);
      LogSoftmax.inPlace(logProbabilities);
      logprobs.read(row, logProbabilities, states[row]);
      left |= processors.process(running[row], logProbabilities, states[row]);
      choice.offer(row, logProbabilities, scores[row]);
      if (banks != null) {
        banks.offer(row, logProbabilities, scores[row]);
      }
    }
    if (left) {
      choice.choose(rows, candidates);
    }
    if (candidates.size() == 0) {
      endWithoutCandidates();
      return;
    }
    takeFinished();
    candidates.sort();
    takeRunning();
    float best = banks == null ? scores[0] : candidates.score(0); // banks leave the best out
    finished = rows == 0 || !finishedBeams.mayImprove(best, running[0].size());
    if (!finished && running[0].size() >= maxLength) {
      endAtLimit();
    }
  }

  /** Ends a search whose beams have phrases, and go on up to the limit. */
  private void endAtLimit() {
    offerRunning(true);
    if (finishedBeams.best(1).isEmpty()) {
      offerRunning(false);
    }
    rows = 0;
    finished = true;
  }

  private void offerRunning(boolean onlyComplete) {
    for (int row = 0; row < rows; row++) {
      if (!onlyComplete || banks == null || banks.isComplete(row)) {
        finishedBeams.offer(
            running[row].newIds(), scores[row], FinishReason.LENGTH, logprobs.of(row));
      }
    }
  }

  private void endWithoutCandidates() {
    if (finishedBeams.best(1).isEmpty()) {
      State state = states[0];
      throw state == null
          ? new PolyLmException("no id can follow: the logits processors left none possible")
          : MaskedProcessors.nothingLeft(running[0], state);
    }
    rows = 0;
    finished = true;
  }

  /**
   * Takes the candidates that end. Only the best numBeams candidates may end; the others only
   * continue beams.
   */
  private void takeFinished() {
    int top = Math.min(config.numBeams(), candidates.size());
    for (int i = 0; i < top; i++) {
      FinishReason reason = end(i);
      int beam = candidates.beam(i);
      int id = candidates.id(i);
      if (reason != null && (banks == null || banks.isComplete(beam, id))) {
        finishedBeams.offer(
            withLast(running[beam].newIds(), id),
            candidates.score(i),
            reason,
            logprobs.of(beam, id));
      }
    }
  }

  /** Returns why a candidate ends its beam, or null if it does not. */
  private @Nullable FinishReason end(int candidate) {
    TokenBuffer beam = running[candidates.beam(candidate)];
    int id = candidates.id(candidate);
    if (stopIds.contains(id)) {
      return FinishReason.STOP_TOKEN;
    }
    if (banks != null && !banks.isComplete(candidates.beam(candidate), id)) {
      return null;
    }
    if (texts != null && !config.stopStrings().isEmpty()) {
      int[] ids = withLast(beam.newIds(), id);
      if (texts.of(ids).stopped()) {
        return FinishReason.STOP_STRING;
      }
    }
    if (banks != null) {
      return null; // at the limit, too: endAtLimit ends them all
    }
    State state = stateAfter(candidates.beam(candidate), id);
    if (state != null && stopIds.isEmpty() && state.mustEnd()) {
      return FinishReason.CONSTRAINT;
    }
    return beam.size() + 1 >= maxLength ? FinishReason.LENGTH : null;
  }

  private @Nullable State stateAfter(int beam, int id) {
    State state = states[beam];
    return state == null ? null : state.after(id);
  }

  private static int[] withLast(int[] ids, int last) {
    int[] all = Arrays.copyOf(ids, ids.length + 1);
    all[ids.length] = last;
    return all;
  }

  private void chooseGoingOn() {
    goingOn.clear();
    for (int i = 0; i < candidates.size() && goingOn.size() < config.numBeams(); i++) {
      if (end(i) == null) {
        goingOn.append(candidates.score(i), candidates.beam(i), candidates.id(i));
      }
    }
    if (banks != null) {
      banks.choose(goingOn);
    }
  }

  private void takeRunning() {
    chooseGoingOn();
    int count = goingOn.size();
    for (int i = 0; i < count; i++) {
      int beam = goingOn.beam(i);
      int id = goingOn.id(i);
      parents[i] = beam;
      nextIds[i] = id;
      nextScores[i] = goingOn.score(i);
      nextStates[i] = stateAfter(beam, id);
      spare[i].copyFrom(running[beam]);
      spare[i].append(id);
      logprobs.extend(i, beam, id);
    }
    TokenBuffer[] before = running;
    running = spare;
    spare = before;
    @Nullable State[] statesBefore = states;
    states = nextStates;
    nextStates = statesBefore;
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

  /**
   * Makes the answer of a beam at its end. Before that it is not known which beams become answers.
   */
  private GeneratedSequence sequence(
      int[] newIds, FinishReason reason, OptionalDouble score, BeamLogprobs.@Nullable Note note) {
    return new GeneratedSequence(
        newIds,
        texts == null ? null : texts.of(newIds).text(),
        reason,
        score,
        BeamLogprobs.tokenLogprobs(note),
        BeamLogprobs.topLogprobs(note),
        BeamLogprobs.constrainedLogprobs(note));
  }
}
