package dev.polylm.internal.search;

import dev.polylm.generation.DraftCounts;
import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.internal.constraint.mask.State;
import dev.polylm.internal.logits.ArgMax;
import dev.polylm.internal.logits.DrawnId;
import dev.polylm.internal.logits.Guidance;
import dev.polylm.internal.logits.LogSoftmax;
import dev.polylm.internal.logits.Multinomial;
import dev.polylm.internal.logits.ProcessorChain;
import dev.polylm.internal.logits.SeededRandom;
import dev.polylm.internal.logits.TokenBuffer;
import dev.polylm.internal.logits.TopLogProbabilities;
import dev.polylm.internal.logits.Workspace;
import dev.polylm.internal.text.AnswerText;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Greedy search and sampling: independent sequences from one prompt. Each step takes the most
 * probable id, or draws one by its probability.
 *
 * <p>With guidance each sequence has two rows, the second after the negative prompt. A step may
 * also read guessed ids, and keeps those that it would have chosen.
 */
public final class SampleSearch extends Search {
  private static final int NONE = -1;

  private final GenerationConfig config;
  private final Set<Integer> stopIds;
  private final List<int[]> prompts; // the prompt, and with guidance the negative prompt
  private final int maxLength;
  private final MaskedProcessors processors;
  private final Workspace workspace = new Workspace();
  private final Consumer<String> textListener;
  private final float[] logits; // [vocabSize], of one row at a time
  private final float[] otherLogits; // [vocabSize], of the negative prompt; empty without
  private final List<SampledSequence> sequences = new ArrayList<>(); // [numReturnSequences]
  private final int[] parents;
  private final Drafts drafts;
  private List<SampledSequence> live; // the sequences that want another step
  private int heldIds = 1;

  /**
   * @param prompts the prompt, and with guidance the negative prompt
   * @param processors change the logits before the choice
   * @param constraint the state of the constraint before the first id, or null if there is none
   * @param texts null if the model takes ids only
   * @param answers the model's earlier answers
   * @param drafted whether a draft model may guess
   * @param textListener receives the text of the first sequence
   */
  public SampleSearch(
      GenerationConfig config,
      long seed,
      List<int[]> prompts,
      int maxLength,
      int vocabSize,
      ProcessorChain processors,
      @Nullable State constraint,
      AnswerText.@Nullable Source texts,
      EarlierAnswers answers,
      boolean drafted,
      Consumer<String> textListener) {
    int[] promptIds = prompts.get(0);
    this.config = config;
    this.stopIds = Set.copyOf(config.eosTokenId());
    this.prompts = prompts;
    this.maxLength = maxLength;
    this.processors = new MaskedProcessors(processors, workspace);
    this.textListener = textListener;
    this.logits = new float[vocabSize];
    this.otherLogits = new float[prompts.size() > 1 ? vocabSize : 0];
    this.parents = new int[config.numReturnSequences() * prompts.size()];
    boolean oneRow = parents.length == 1; // only a single row can read guesses
    ModelGuesses guesses =
        drafted && oneRow
            ? new ModelGuesses(config, seed, maxLength, vocabSize, this.processors, workspace)
            : null;
    this.drafts =
        new Drafts(
            config, maxLength - promptIds.length, constraint != null && oneRow, answers, guesses);
    int logprobs = config.outputLogprobs() ? maxLength - promptIds.length : 0;
    for (int i = 0; i < config.numReturnSequences(); i++) {
      sequences.add(
          new SampledSequence(
              TokenBuffer.ofPrompt(promptIds),
              SeededRandom.forRow(seed, i),
              texts == null ? null : texts.begin(),
              constraint,
              logprobs));
    }
    this.live = sequences;
  }

  @Override
  public void advance(RowLogits rowLogits) {
    int width = prompts.size();
    boolean first = live.get(0).tokens.size() == prompts.get(0).length;
    List<SampledSequence> next = new ArrayList<>();
    for (int i = 0; i < live.size(); i++) {
      SampledSequence sequence = live.get(i);
      int row = first ? 0 : i * width; // every sequence continues the prompt's row
      extend(sequence, row, rowLogits);
      takeDraft(sequence, rowLogits);
      if (!sequence.finished()) {
        for (int j = 0; j < width; j++) {
          parents[next.size() * width + j] = row + j;
        }
        next.add(sequence);
      }
    }
    live = next;
    drafts.drop();
    if (live.size() == 1) {
      drafts.find(live.get(0).tokens, live.get(0).state, maxLength);
    }
  }

  /**
   * Advances while the guessed ids are the ids that it chooses. Row i follows the i-th id that was
   * read.
   */
  private void takeDraft(SampledSequence sequence, RowLogits rowLogits) {
    heldIds = 1;
    for (int guess : drafts.ids()) {
      if (sequence.finished() || sequence.lastId() != guess) {
        break;
      }
      extend(sequence, heldIds, rowLogits);
      heldIds++;
    }
    drafts.count(heldIds - 1);
  }

  private void extend(SampledSequence sequence, int row, RowLogits rowLogits) {
    rowLogits.copy(row, logits);
    if (otherLogits.length > 0) {
      rowLogits.copy(row + 1, otherLogits);
      Guidance.combine(logits, otherLogits, (float) config.guidanceScale());
    }
    int id = choose(sequence, drafts.drawn(row));
    if (sequence.state != null && sequence.state.completesAtLimit()) {
      id = completing(sequence, sequence.state, id);
    }
    if (id == NONE) {
      finish(sequence, FinishReason.LENGTH, "");
      return;
    }
    if (config.outputLogprobs()) {
      rowLogits.copy(row, logits); // the model's own, which the processors may have changed
      noteLogprobs(sequence, id);
    }
    sequence.tokens.append(id);
    boolean end = stopIds.contains(id);
    if (sequence.state != null && !end) {
      sequence.state = sequence.state.after(id);
    }
    checkEnd(sequence, id, end);
  }

  /**
   * Chooses the next id.
   *
   * @param guess the id that was drawn for it with other probabilities; null if there is none
   */
  private int choose(SampledSequence sequence, @Nullable DrawnId guess) {
    State state = sequence.state;
    if (!processors.process(sequence.tokens, logits, state) && state != null) {
      throw MaskedProcessors.nothingLeft(sequence.tokens, state);
    }
    if (!config.doSample()) {
      return ArgMax.of(logits);
    }
    return guess == null
        ? Multinomial.sample(logits, sequence.random, workspace)
        : Multinomial.sample(logits, guess, sequence.random, workspace);
  }

  /**
   * Returns the chosen id if the answer can still be completed after it within the limit. Otherwise
   * returns the next id of the shortest completion, or none if the answer is complete.
   */
  private int completing(SampledSequence sequence, State state, int id) {
    int left = maxLength - sequence.tokens.size() - 1;
    if (stopIds.contains(id) || state.after(id).completion().length <= left) {
      return id;
    }
    sequence.closing = true;
    return state.mayEnd() ? NONE : state.completion()[0];
  }

  private void noteLogprobs(SampledSequence sequence, int id) {
    sequence.note(
        LogSoftmax.logProbability(logits, id),
        TopLogProbabilities.of(logits, config.topLogprobs()));
    if (sequence.state != null) {
      sequence.state.mask().apply(logits);
      sequence.noteConstrained(LogSoftmax.logProbability(logits, id));
    }
  }

  private void checkEnd(SampledSequence sequence, int id, boolean end) {
    AnswerText text = sequence.text;
    String piece = text == null ? "" : text.accept(id);
    if (end) {
      sequence.finish(FinishReason.STOP_TOKEN);
    } else if (text != null && text.stopped()) {
      sequence.finish(FinishReason.STOP_STRING);
    } else if (isComplete(sequence)) {
      sequence.finish(FinishReason.CONSTRAINT);
    } else if (sequence.tokens.size() >= maxLength) {
      sequence.finish(FinishReason.LENGTH);
    }
    if (sequence.finished()) {
      finish(sequence, FinishReason.LENGTH, piece);
    } else {
      give(sequence, piece);
    }
  }

  /** Ends a sequence, unless it has ended, and releases the rest of its text. */
  private void finish(SampledSequence sequence, FinishReason reason, String piece) {
    sequence.finish(reason);
    String rest = sequence.text == null ? "" : sequence.text.finish();
    give(sequence, piece + rest); // in one piece: a listener receives at most one for each id
  }

  /** Returns true if the answer can only end, and is as long as the settings require. */
  private boolean isComplete(SampledSequence sequence) {
    int least =
        config.minNewTokens().isPresent()
            ? prompts.get(0).length + config.minNewTokens().getAsInt()
            : config.minLength();
    return sequence.state != null && sequence.tokens.size() >= least && sequence.state.mustEnd();
  }

  private void give(SampledSequence sequence, String piece) {
    if (sequence == sequences.get(0) && !piece.isEmpty()) {
      textListener.accept(piece);
    }
  }

  @Override
  public void stop(FinishReason reason) {
    for (SampledSequence sequence : live) {
      finish(sequence, reason, "");
    }
    live = List.of();
  }

  @Override
  public List<int[]> prompts() {
    return prompts;
  }

  @Override
  public int maxRows() {
    return parents.length;
  }

  @Override
  public int maxLength() {
    int longest = prompts.stream().mapToInt(prompt -> prompt.length).max().orElseThrow();
    return maxLength - prompts.get(0).length + longest;
  }

  @Override
  public boolean reproducible() {
    return config.reproducible();
  }

  @Override
  public int maxDraftIds() {
    return drafts.maxIds();
  }

  @Override
  public boolean finished() {
    return live.isEmpty();
  }

  @Override
  public int rows() {
    return live.size() * prompts.size();
  }

  @Override
  public int[] parents() {
    return parents;
  }

  @Override
  public int nextId(int row) {
    return live.get(row / prompts.size()).lastId();
  }

  @Override
  public int[] draftIds() {
    return drafts.ids();
  }

  @Override
  public int[] idsToGuessAfter() {
    return drafts.useModel() && live.size() == 1 ? live.get(0).tokens.toArray() : new int[0];
  }

  @Override
  public int guess(RowLogits rowLogits) {
    return drafts.guess(rowLogits);
  }

  @Override
  public void dropDraft() {
    drafts.drop();
  }

  @Override
  public int heldIds() {
    return heldIds;
  }

  @Override
  public DraftCounts draftCounts() {
    return drafts.counts();
  }

  @Override
  public List<GeneratedSequence> results() {
    return sequences.stream().map(SampledSequence::result).toList();
  }
}
