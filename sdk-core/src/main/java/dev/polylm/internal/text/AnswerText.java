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

  public AnswerText(Tokenizer tokenizer, GenerationConfig config) {
    this.decoder = tokenizer.streamingDecoder();
    this.output = new OutputText(config.stopStrings(), config.includeStopString());
  }

  /** Returns the text of all ids of an answer. */
  public static AnswerText of(Tokenizer tokenizer, GenerationConfig config, int[] ids) {
    AnswerText answer = new AnswerText(tokenizer, config);
    for (int id : ids) {
      if (!answer.stopped) {
        answer.accept(id);
      }
    }
    return answer;
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
