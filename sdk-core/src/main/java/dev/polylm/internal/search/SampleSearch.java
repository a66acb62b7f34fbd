package dev.polylm.internal.search;

import dev.polylm.generation.DraftCounts;
import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.internal.logits.ArgMax;
import dev.polylm.internal.logits.Guidance;
import dev.polylm.internal.logits.LogSoftmax;
import dev.polylm.internal.logits.Multinomial;
import dev.polylm.internal.logits.ProcessorChain;
import dev.polylm.internal.logits.SeededRandom;
import dev.polylm.internal.logits.TokenBuffer;
import dev.polylm.internal.logits.TopLogProbabilities;
import dev.polylm.internal.logits.Workspace;
import dev.polylm.internal.text.AnswerText;
import dev.polylm.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sequences that go their own way from one prompt: the most probable id at each step, or one drawn
 * by its probability.
 *
 * <p>With guidance each sequence has two rows, the second after the negative prompt. With prompt
 * lookup a step reads guessed ids too, and keeps those that are what it would have chosen.
 */
public final class SampleSearch extends Search {
  private static final int[] NO_IDS = {};

  private final GenerationConfig config;
  private final Set<Integer> stopIds;
  private final List<int[]> prompts; // the prompt, and with guidance the negative prompt
  private final int maxLength;
  private final ProcessorChain processors;
  private final Workspace workspace = new Workspace();
  private final Consumer<String> textListener;
  private final float[] logits; // [vocabSize], of one row at a time
  private final float[] otherLogits; // [vocabSize], of the negative prompt; empty without
  private final List<SampledSequence> sequences = new ArrayList<>(); // [numReturnSequences]
  private final int[] parents;
  private final @Nullable PromptLookup lookup;
  private List<SampledSequence> live; // those that want another step
  private int[] draftIds = NO_IDS;
  private int heldIds = 1;

  /**
   * @param prompts the prompt, and with guidance the negative prompt
   * @param processors what changes the logits before the choice
   * @param tokenizer null where the model takes ids only
   * @param textListener is given the text of the first sequence
   */
  public SampleSearch(
      GenerationConfig config,
      long seed,
      List<int[]> prompts,
      int maxLength,
      int vocabSize,
      ProcessorChain processors,
      @Nullable Tokenizer tokenizer,
      Consumer<String> textListener) {
    int[] promptIds = prompts.get(0);
    this.config = config;
    this.stopIds = Set.copyOf(config.eosTokenId());
    this.prompts = prompts;
    this.maxLength = maxLength;
    this.processors = processors;
    this.textListener = textListener;
    this.logits = new float[vocabSize];
    this.otherLogits = new float[prompts.size() > 1 ? vocabSize : 0];
    this.parents = new int[config.numReturnSequences() * prompts.size()];
    this.lookup = PromptLookup.of(config, maxLength - promptIds.length);
    int logprobs = config.outputLogprobs() ? maxLength - promptIds.length : 0;
    for (int i = 0; i < config.numReturnSequences(); i++) {
      sequences.add(
          new SampledSequence(
              TokenBuffer.ofPrompt(promptIds),
              SeededRandom.forRow(seed, i),
              tokenizer == null ? null : new AnswerText(tokenizer, config),
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
      int row = first ? 0 : i * width; // every sequence goes on from the prompt's row
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
    draftIds =
        lookup == null || live.isEmpty() ? NO_IDS : lookup.draft(live.get(0).tokens, maxLength);
  }

  /** Goes on while the guessed ids are those that it chooses; row i follows the ith read. */
  private void takeDraft(SampledSequence sequence, RowLogits rowLogits) {
    heldIds = 1;
    for (int guess : draftIds) {
      if (sequence.finished() || sequence.lastId() != guess) {
        break;
      }
      extend(sequence, heldIds, rowLogits);
      heldIds++;
    }
    if (lookup != null) {
      lookup.count(draftIds.length, heldIds - 1);
    }
  }

  private void extend(SampledSequence sequence, int row, RowLogits rowLogits) {
    rowLogits.copy(row, logits);
    if (otherLogits.length > 0) {
      rowLogits.copy(row + 1, otherLogits);
      Guidance.combine(logits, otherLogits, (float) config.guidanceScale());
    }
    processors.process(sequence.tokens, logits, workspace);
    int id =
        config.doSample()
            ? Multinomial.sample(logits, sequence.random, workspace)
            : ArgMax.of(logits);
    if (config.outputLogprobs()) {
      rowLogits.copy(row, logits); // the model's own, which the processors may have changed
      sequence.note(
          LogSoftmax.logProbability(logits, id),
          TopLogProbabilities.of(logits, config.topLogprobs()));
    }
    sequence.tokens.append(id);
    checkEnd(sequence, id);
  }

  private void checkEnd(SampledSequence sequence, int id) {
    AnswerText text = sequence.text;
    String piece = text == null ? "" : text.accept(id);
    if (stopIds.contains(id)) {
      sequence.finish(FinishReason.STOP_TOKEN);
    } else if (text != null && text.stopped()) {
      sequence.finish(FinishReason.STOP_STRING);
    } else if (sequence.tokens.size() >= maxLength) {
      sequence.finish(FinishReason.LENGTH);
    }
    if (sequence.finished() && text != null) {
      piece += text.finish(); // in one piece: a listener hears at most one for each id
    }
    give(sequence, piece);
  }

  private void give(SampledSequence sequence, String piece) {
    if (sequence == sequences.get(0) && !piece.isEmpty()) {
      textListener.accept(piece);
    }
  }

  @Override
  public void stop(FinishReason reason) {
    for (SampledSequence sequence : live) {
      sequence.finish(reason);
      if (sequence.text != null) {
        give(sequence, sequence.text.finish());
      }
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
    return lookup == null ? 0 : lookup.maxIds();
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
    return draftIds;
  }

  @Override
  public void dropDraft() {
    draftIds = NO_IDS;
  }

  @Override
  public int heldIds() {
    return heldIds;
  }

  @Override
  public DraftCounts draftCounts() {
    return lookup == null ? DraftCounts.NONE : lookup.counts();
  }

  @Override
  public List<GeneratedSequence> results() {
    return sequences.stream().map(SampledSequence::result).toList();
  }
}
