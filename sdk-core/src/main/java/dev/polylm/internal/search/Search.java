package dev.polylm.internal.search;

import dev.polylm.generation.GeneratedSequence;
import dev.polylm.internal.decoding.DecodingTask;
import dev.polylm.internal.scoring.ScoreReader;
import dev.polylm.scoring.Score;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Chooses the ids for one request, independently of the model: logits in, ids out. */
public abstract class Search implements DecodingTask {
  private static final int PROMPT = 0; // the others that it reads are not the request's

  private @Nullable ScoreReader promptReader;

  /** Makes the search score the prompt while it is read. Call this before the search runs. */
  public final void scorePrompt(ScoreReader reader) {
    promptReader = reader;
  }

  @Override
  public final int promptLogitsFrom(int prompt) {
    return promptReader == null || prompt != PROMPT ? Integer.MAX_VALUE : promptReader.logitsFrom();
  }

  @Override
  public final void takePromptLogits(int prompt, int position, int count, RowLogits logits) {
    if (promptReader != null) {
      promptReader.take(position, count, logits);
    }
  }

  /**
   * Returns the prompt's score. It is empty if it was not requested or the prompt was not read to
   * its end.
   */
  public final Optional<Score> promptScore() {
    return Optional.ofNullable(promptReader).flatMap(ScoreReader::score);
  }

  /** Returns the answers, the best first. */
  public abstract List<GeneratedSequence> results();
}
