package dev.polylm.internal.engine;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** A sequence of the likeliest ids, that guesses some of them beforehand, now right, now wrong. */
final class DraftTask implements TracedTask {
  private static final int MAX_DRAFT = 3;

  private final FakeRows.Model model;
  private final Random random;
  private final int[] prompt;
  private final int maxLength;
  private final float[] logits;
  private int[] ids; // the next one included
  private int[] draft = {};
  private int held = 1;

  DraftTask(FakeRows.Model model, long seed, int[] prompt, int maxLength) {
    this.model = model;
    this.random = new Random(seed);
    this.prompt = prompt;
    this.maxLength = maxLength;
    this.logits = new float[model.vocabSize];
    this.ids = prompt;
  }

  @Override
  public String trace() {
    return Arrays.toString(ids);
  }

  @Override
  public List<int[]> prompts() {
    return List.of(prompt);
  }

  @Override
  public int maxRows() {
    return 1;
  }

  @Override
  public int maxLength() {
    return maxLength;
  }

  @Override
  public int maxDraftIds() {
    return MAX_DRAFT;
  }

  @Override
  public void advance(RowLogits rowLogits) {
    append(rowLogits, 0);
    held = 1;
    while (held <= draft.length && draft[held - 1] == ids[ids.length - 1]) {
      append(rowLogits, held);
      held++;
    }
    int most = Math.min(random.nextInt(MAX_DRAFT + 1), maxLength - 1 - ids.length);
    draft = new int[Math.max(0, most)];
    int[] guessed = ids;
    for (int i = 0; i < draft.length; i++) {
      int likely = best(model.logits(guessed, guessed.length));
      draft[i] = random.nextInt(4) == 0 ? random.nextInt(model.vocabSize) : likely;
      guessed = append(guessed, draft[i]);
    }
  }

  private void append(RowLogits rowLogits, int row) {
    rowLogits.copy(row, logits);
    ids = append(ids, best(logits));
  }

  private static int[] append(int[] ids, int id) {
    int[] longer = Arrays.copyOf(ids, ids.length + 1);
    longer[ids.length] = id;
    return longer;
  }

  private static int best(float[] logits) {
    return IntStream.range(0, logits.length)
        .reduce((a, b) -> logits[b] > logits[a] ? b : a)
        .orElseThrow();
  }

  @Override
  public boolean finished() {
    return ids.length == maxLength;
  }

  @Override
  public int rows() {
    return 1;
  }

  @Override
  public int[] parents() {
    return new int[] {0};
  }

  @Override
  public int nextId(int row) {
    return ids[ids.length - 1];
  }

  @Override
  public int[] draftIds() {
    return draft;
  }

  @Override
  public void dropDraft() {
    draft = new int[0];
  }

  @Override
  public int heldIds() {
    return held;
  }
}
