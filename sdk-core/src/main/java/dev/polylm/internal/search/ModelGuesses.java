package dev.polylm.internal.search;

import dev.polylm.PolyLmException;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.internal.constraint.mask.State;
import dev.polylm.internal.decoding.DecodingTask;
import dev.polylm.internal.decoding.DecodingTask.RowLogits;
import dev.polylm.internal.logits.ArgMax;
import dev.polylm.internal.logits.DrawnId;
import dev.polylm.internal.logits.Multinomial;
import dev.polylm.internal.logits.SeededRandom;
import dev.polylm.internal.logits.TokenBuffer;
import dev.polylm.internal.logits.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ids that a draft model guesses for the next step. They are chosen from its logits as the
 * search chooses from the model's: after the same processors, within the same constraint, greedily
 * or by a draw. Each draw keeps its probabilities, because the search has to correct for them.
 */
final class ModelGuesses {
  private static final int ROW_OF_DRAWS = 1 << 20; // no sequence of a request has this row

  private final GenerationConfig config;
  private final MaskedProcessors processors;
  private final Workspace workspace;
  private final int maxLength;
  private final float[] logits; // [vocabSize]
  private final SeededRandom random; // not the sequence's: its draws must not depend on guesses
  private final TokenBuffer tokens; // the row and the guesses
  private final List<DrawnId> drawn = new ArrayList<>(); // one for each guess; empty if greedy
  private @Nullable State state; // of the constraint after the guesses
  private int rowLength;

  ModelGuesses(
      GenerationConfig config,
      long seed,
      int maxLength,
      int vocabSize,
      MaskedProcessors processors,
      Workspace workspace) {
    this.config = config;
    this.processors = processors;
    this.workspace = workspace;
    this.maxLength = maxLength;
    this.logits = new float[vocabSize];
    this.random = SeededRandom.forRow(seed, ROW_OF_DRAWS);
    this.tokens = TokenBuffer.ofPrompt();
  }

  /** Begins with no guess after a row. */
  void begin(TokenBuffer row, @Nullable State stateOfRow) {
    tokens.copyFrom(row);
    state = stateOfRow;
    rowLength = row.size();
    drawn.clear();
  }

  /** Guesses the id that follows the row and its guesses. Returns it, or none. */
  int guess(RowLogits rowLogits) {
    if (tokens.size() >= maxLength - 1 || isEnded()) {
      return DecodingTask.NO_GUESS;
    }
    rowLogits.copy(0, logits);
    int id = choose();
    if (id != DecodingTask.NO_GUESS) {
      tokens.append(id);
      state = state == null || isEnded() ? state : state.after(id);
    }
    return id;
  }

  private boolean isEnded() {
    int last = tokens.get(tokens.size() - 1);
    return size() > 0 && config.eosTokenId().contains(last);
  }

  private int choose() {
    try {
      if (!processors.process(tokens, logits, state)) {
        return DecodingTask.NO_GUESS;
      }
      if (!config.doSample()) {
        return ArgMax.of(logits);
      }
      DrawnId next = Multinomial.sampleToGuess(logits, random, workspace);
      drawn.add(next);
      return next.id();
    } catch (PolyLmException e) {
      return DecodingTask.NO_GUESS; // no id is left after these guesses: the model decides
    }
  }

  int size() {
    return tokens.size() - rowLength;
  }

  int[] ids() {
    return Arrays.copyOfRange(tokens.toArray(), rowLength, tokens.size());
  }

  /** Returns how a guess was drawn, or null if it was not. */
  @Nullable DrawnId drawn(int guess) {
    return guess < drawn.size() ? drawn.get(guess) : null;
  }
}
