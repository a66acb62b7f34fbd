package dev.polylm.internal.engine;

import dev.polylm.internal.adapter.LoadedAdapter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A task whose rows part and die at random, by a seed. Keeps the ids of each row itself, so that it
 * can check every row's logits.
 */
class RandomTask implements TracedTask {
  private final FakeRows.Model model;
  private final Random random;
  private final List<int[]> prompts;
  private final int maxRows;
  private final int maxLength;
  private final int promptLogitsFrom;
  private final float[] logits;
  private final StringBuilder trace = new StringBuilder();
  private @Nullable LoadedAdapter adapter;
  private List<int[]> rows; // the ids of each row, the next one included
  private int[] parents = {};
  private int steps;
  private boolean finished;

  RandomTask(FakeRows.Model model, long seed, List<int[]> prompts, int maxLength) {
    this.model = model;
    this.random = new Random(seed);
    this.prompts = prompts;
    this.maxLength = maxLength;
    this.logits = new float[model.vocabSize];
    boolean scoring = random.nextInt(4) == 0;
    this.maxRows = scoring ? 0 : prompts.size() + random.nextInt(3);
    this.promptLogitsFrom = scoring ? random.nextInt(3) : Integer.MAX_VALUE;
    this.rows = prompts;
    this.steps = 1 + random.nextInt(8);
  }

  /** Makes it expect what follows ids with an adapter. */
  RandomTask with(@Nullable LoadedAdapter expected) {
    adapter = expected;
    return this;
  }

  @Override
  public String trace() {
    return trace.toString();
  }

  @Override
  public List<int[]> prompts() {
    return prompts;
  }

  @Override
  public int maxRows() {
    return maxRows;
  }

  @Override
  public int maxLength() {
    return maxLength;
  }

  @Override
  public int promptLogitsFrom(int prompt) {
    return promptLogitsFrom;
  }

  @Override
  public void takePromptLogits(int prompt, int position, int count, RowLogits rowLogits) {
    for (int row = 0; row < count; row++) {
      check(rowLogits, row, prompts.get(prompt), position + row + 1);
      trace.append(prompt).append(':').append(position + row).append(' ');
    }
  }

  private void check(RowLogits rowLogits, int row, int[] ids, int length) {
    rowLogits.copy(row, logits);
    if (!Arrays.equals(logits, model.logits(adapter, ids, length))) {
      throw new IllegalStateException("row " + row + " does not follow " + Arrays.toString(ids));
    }
  }

  @Override
  public void advance(RowLogits rowLogits) {
    for (int row = 0; maxRows > 0 && row < rows.size(); row++) {
      check(rowLogits, row, rows.get(row), rows.get(row).length);
    }
    steps--;
    int longest = rows.stream().mapToInt(ids -> ids.length).max().orElseThrow();
    if (maxRows == 0 || steps == 0 || longest + 1 >= maxLength) { // the last id is never read
      finished = true;
      return;
    }
    List<int[]> next = new ArrayList<>();
    parents = new int[1 + random.nextInt(maxRows)];
    for (int row = 0; row < parents.length; row++) {
      parents[row] = random.nextInt(rows.size());
      next.add(append(rows.get(parents[row]), random.nextInt(model.vocabSize)));
    }
    rows = next;
    rows.forEach(ids -> trace.append(Arrays.hashCode(ids)).append(' '));
  }

  private static int[] append(int[] ids, int id) {
    int[] longer = Arrays.copyOf(ids, ids.length + 1);
    longer[ids.length] = id;
    return longer;
  }

  @Override
  public boolean finished() {
    return finished;
  }

  @Override
  public int rows() {
    return rows.size();
  }

  @Override
  public int[] parents() {
    return parents;
  }

  @Override
  public int nextId(int row) {
    return rows.get(row)[rows.get(row).length - 1];
  }
}
