package dev.polylm.internal.search;

import dev.polylm.generation.DraftCounts;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.internal.decoding.DecodingTask;
import dev.polylm.internal.scoring.ScoreReader;
import dev.polylm.scoring.Score;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The choice of ids for one request, apart from the model: logits in, ids out. */
public abstract class Search implements DecodingTask {
  private static final int PROMPT = 0; // others that it reads are not the request's

  private @Nullable ScoreReader promptReader;

  /** Has the prompt scored while it is read; to be called before the search is run. */
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

  /** How likely the prompt is, none where that was not asked or it was not read to its end. */
  public final Optional<Score> promptScore() {
    return Optional.ofNullable(promptReader).flatMap(ScoreReader::score);
  }

  /** The answers, the best first. */
  public abstract List<GeneratedSequence> results();

  /** How many ids prompt lookup guessed, and how many of them held. */
  public DraftCounts draftCounts() {
    return DraftCounts.NONE;
  }
}
