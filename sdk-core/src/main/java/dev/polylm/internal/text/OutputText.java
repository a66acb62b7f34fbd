package dev.polylm.internal.text;

import dev.polylm.PolyLmException;
import dev.polylm.internal.text.StopStringMatcher.Release;
import java.util.Collection;

/**
 * Turns a text that comes in pieces into the text for a reader. The text ends at a stop string, and
 * its pieces are whole extended grapheme clusters. All releases and the text that {@link #finish}
 * returns, joined, are the whole text. Not thread-safe.
 */
public final class OutputText {
  private final StopStringMatcher stopStrings;
  private final GraphemeStream graphemes = new GraphemeStream();

  /**
   * @param stopStrings the stop strings, which may be none
   * @param includeStopString true if the stop string is part of the text that it ends
   * @throws PolyLmException if a stop string is empty or contains half of a surrogate pair
   */
  OutputText(Collection<String> stopStrings, boolean includeStopString) {
    this.stopStrings = new StopStringMatcher(stopStrings, includeStopString);
  }

  /**
   * Takes the next piece and returns the text that is now certain. If a stop string ends the text,
   * this is all the rest.
   *
   * @param piece whole code points, as a streaming decoder gives them
   * @throws IllegalStateException after a stop string
   */
  Release accept(String piece) {
    Release release = stopStrings.accept(piece);
    String text = graphemes.accept(release.text());
    return new Release(release.stopped() ? text + graphemes.finish() : text, release.stopped());
  }

  /** Ends the text and returns the rest of it. After a stop string the rest is empty. */
  String finish() {
    return graphemes.accept(stopStrings.finish()) + graphemes.finish();
  }
}
