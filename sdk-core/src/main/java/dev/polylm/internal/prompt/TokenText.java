package dev.polylm.internal.prompt;

import dev.polylm.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/** The text of ids, and which bytes of it each id spells. */
final class TokenText {
  private final int[] ids;
  private final Tokenizer tokenizer;

  /** The text in UTF-8, with a char for each byte. */
  private final String bytes;

  /** Where the bytes of each token begin, and where those of the last end. */
  private final int[] starts;

  TokenText(int[] ids, Tokenizer tokenizer) {
    this.ids = ids;
    this.tokenizer = tokenizer;
    this.starts = new int[ids.length + 1];
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (int i = 0; i < ids.length; i++) {
      text.writeBytes(tokenizer.bytes(ids[i]));
      starts[i + 1] = text.size();
    }
    this.bytes = text.toString(StandardCharsets.ISO_8859_1);
  }

  /** The tokens that spell a marker, perhaps with more text around it. */
  record Place(int firstToken, int endToken) {}

  /**
   * Returns the places of a marker in the text.
   *
   * @param marker ASCII
   */
  List<Place> find(String marker) {
    List<Place> places = new ArrayList<>();
    int token = 0;
    for (int at = bytes.indexOf(marker); at >= 0; at = bytes.indexOf(marker, at + 1)) {
      while (starts[token + 1] <= at) {
        token++;
      }
      int end = token;
      while (starts[end] < at + marker.length()) {
        end++;
      }
      places.add(new Place(token, end));
    }
    return places;
  }

  /** Returns true if the tokens are already the smallest pieces. */
  boolean isSmallest(Place place) {
    return IntStream.range(place.firstToken(), place.endToken())
        .allMatch(token -> Arrays.equals(smallest(token), new int[] {ids[token]}));
  }

  /**
   * Returns the ids, with some tokens spelled in the smallest pieces. These tokens spell whole
   * characters.
   */
  int[] respelled(BitSet tokens) {
    return IntStream.range(0, ids.length)
        .flatMap(i -> tokens.get(i) ? Arrays.stream(smallest(i)) : IntStream.of(ids[i]))
        .toArray();
  }

  private int[] smallest(int token) {
    return tokenizer.smallestPieces(
        new String(tokenizer.bytes(ids[token]), StandardCharsets.UTF_8));
  }
}
