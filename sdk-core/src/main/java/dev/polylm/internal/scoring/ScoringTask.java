package dev.polylm.internal.scoring;

import dev.polylm.internal.decoding.PromptTask;
import dev.polylm.scoring.Score;
import java.util.Arrays;
import java.util.List;

/** Reads texts one after the other, and scores each id by the logits before it. */
final class ScoringTask extends PromptTask {
  private final List<int[]> prompts; // the texts without their last id, whose logits are not needed
  private final List<ScoreReader> readers; // of each text

  /**
   * @param texts at least one, each to be scored from 1 or later on
   * @param topCount how many of the likeliest ids to keep at each position
   */
  ScoringTask(List<ScoredIds> texts, int vocabSize, int topCount, boolean reproducible) {
    super(reproducible);
    ScoreReader.Room room = new ScoreReader.Room(vocabSize);
    this.prompts =
        texts.stream().map(text -> Arrays.copyOf(text.ids(), text.ids().length - 1)).toList();
    this.readers = texts.stream().map(text -> new ScoreReader(text, topCount, room)).toList();
  }

  @Override
  public List<int[]> prompts() {
    return prompts;
  }

  @Override
  public int promptLogitsFrom(int prompt) {
    return readers.get(prompt).logitsFrom();
  }

  @Override
  public void takePromptLogits(int prompt, int position, int count, RowLogits rowLogits) {
    readers.get(prompt).take(position, count, rowLogits);
  }

  /** Returns the score of each text, once the task is finished. */
  List<Score> scores() {
    return readers.stream().map(reader -> reader.score().orElseThrow()).toList();
  }
}
