package dev.polylm.internal.text;

import dev.polylm.generation.GenerationConfig;
import dev.polylm.tokenizer.StreamingDecoder;
import dev.polylm.tokenizer.Tokenizer;

/**
 * Builds the text of an answer while its ids arrive. The text ends at a stop string, and is
 * released in whole characters as a reader sees them. Listeners and the result get the same text.
 * Not thread-safe.
 */
public final class AnswerText {
  private final StreamingDecoder decoder;
  private final OutputText output;
  private final StringBuilder text = new StringBuilder();
  private boolean stopped;
  private boolean finished;

  private AnswerText(Source source) {
    this.decoder = source.tokenizer.streamingDecoder();
    this.output = new OutputText(source.config.stopStrings(), source.config.includeStopString());
    for (int id : source.before) {
      decoder.accept(id);
    }
  }

  /**
   * What the texts of a request's answers are made with. Immutable.
   *
   * @param before the ids whose text the answer's continues; none if its text stands alone
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Source(Tokenizer tokenizer, GenerationConfig config, int[] before) {

    /** Begins the text of an answer. */
    public AnswerText begin() {
      return new AnswerText(this);
    }

    /** Returns the text of all ids of an answer. */
    public AnswerText of(int[] ids) {
      AnswerText answer = begin();
      for (int id : ids) {
        if (!answer.stopped) {
          answer.accept(id);
        }
      }
      return answer;
    }
  }

  /** Takes the next id and returns the text that is now certain. */
  public String accept(int id) {
    return take(decoder.accept(id));
  }

  private String take(String piece) {
    StopStringMatcher.Release release = output.accept(piece);
    stopped = release.stopped();
    text.append(release.text());
    return release.text();
  }

  /** Returns true if the text has reached a stop string. No more ids may follow. */
  public boolean stopped() {
    return stopped;
  }

  /** Ends the text and returns the rest of it. The second call returns an empty text. */
  public String finish() {
    if (finished || stopped) {
      return "";
    }
    finished = true;
    String rest = take(decoder.finish());
    if (!stopped) {
      String last = output.finish();
      text.append(last);
      rest += last;
    }
    return rest;
  }

  /** Ends the text and returns all of it. */
  public String text() {
    finish();
    return text.toString();
  }
}
