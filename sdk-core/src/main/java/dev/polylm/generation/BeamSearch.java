package dev.polylm.generation;

import dev.polylm.PolyLmException;
import dev.polylm.sampling.LogSoftmax;
import dev.polylm.sampling.LogitsProcessor;
import dev.polylm.sampling.TokenBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Beam search with Hugging Face's meaning: the sequences with the highest sum of log-probabilities,
 * numBeams of them kept at each step.
 *
 * <p>Source: {@code GenerationMixin._beam_search} of transformers 5.17, for one prompt. A beam there
 * that starts with the score -1e9 is absent here.
 */
final class BeamSearch implements Search {
  private final BeamSettings settings;
  private final LogitsProcessor processors;
  private final int promptLength;
  private final float[] logProbabilities; // [vocabSize], of one row at a time
  private final TopCandidates candidates;
  private final FinishedBeams finishedBeams;
  private TokenBuffer[] running; // [numBeams], the first rows of them in use
  private TokenBuffer[] spare; // [numBeams], what running becomes in the next step
  private final float[] scores; // [numBeams], sums of log-probabilities
  private final float[] nextScores;
  private final int[] parents; // [numBeams]
  private final int[] nextIds; // [numBeams]
  private int rows = 1;
  private boolean finished;

  BeamSearch(BeamSettings settings, LogitsProcessor processors, int[] promptIds, int vocabSize) {
    int numBeams = settings.numBeams();
    this.settings = settings;
    this.processors = processors;
    this.promptLength = promptIds.length;
    this.logProbabilities = new float[vocabSize];
    // Enough that numBeams candidates remain when every beam's best ids end it.
    this.candidates =
        new TopCandidates(Math.max(2, 1 + settings.stopIds().size()) * numBeams);
    this.finishedBeams = new FinishedBeams(settings, promptLength);
    this.running = buffers(numBeams, promptIds);
    this.spare = buffers(numBeams, promptIds);
    this.scores = new float[numBeams];
    this.nextScores = new float[numBeams];
    this.parents = new int[numBeams];
    this.nextIds = new int[numBeams];
  }

  private TokenBuffer[] buffers(int count, int[] promptIds) {
    TokenBuffer[] buffers = new TokenBuffer[count];
    for (int i = 0; i < count; i++) {
      buffers[i] = new TokenBuffer(promptIds, settings.maxLength());
    }
    return buffers;
  }

  @Override
  public void advance(RowLogits logits) {
    candidates.clear();
    for (int row = 0; row < rows; row++) {
      logits.copy(row, logProbabilities);
      LogSoftmax.apply(logProbabilities);
      processors.process(running[row], logProbabilities);
      candidates.offer(row, logProbabilities, scores[row]);
    }
    if (candidates.size() == 0) {
      throw new PolyLmException("no id can follow: the logits processors left none possible");
    }
    takeFinished();
    takeRunning();
    finished = rows == 0 || !finishedBeams.mayImprove(scores[0], running[0].size());
  }

  /** Only the best numBeams candidates may finish; the others are there to go on from. */
  private void takeFinished() {
    int top = Math.min(settings.numBeams(), candidates.size());
    for (int i = 0; i < top; i++) {
      if (ends(i)) {
        FinishReason reason =
            settings.stopIds().contains(candidates.id(i))
                ? FinishReason.STOP_TOKEN
                : FinishReason.LENGTH;
        finishedBeams.offer(
            running[candidates.beam(i)], candidates.id(i), candidates.score(i), reason);
      }
    }
  }

  private boolean ends(int candidate) {
    return settings.stopIds().contains(candidates.id(candidate))
        || running[candidates.beam(candidate)].size() + 1 >= settings.maxLength();
  }

  private void takeRunning() {
    int count = 0;
    for (int i = 0; i < candidates.size() && count < settings.numBeams(); i++) {
      if (!ends(i)) {
        parents[count] = candidates.beam(i);
        nextIds[count] = candidates.id(i);
        nextScores[count] = candidates.score(i);
        spare[count].copyFrom(running[candidates.beam(i)]);
        spare[count].append(candidates.id(i));
        count++;
      }
    }
    TokenBuffer[] before = running;
    running = spare;
    spare = before;
    System.arraycopy(nextScores, 0, scores, 0, count);
    rows = count;
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
  public List<Hypothesis> results() {
    List<Hypothesis> results = new ArrayList<>();
    for (FinishedBeams.Beam beam : finishedBeams.best(settings.numReturnSequences())) {
      results.add(
          new Hypothesis(
              beam.newIds(), beam.reason(), OptionalDouble.of(beam.score()), new float[0]));
    }
    return results;
  }
}
