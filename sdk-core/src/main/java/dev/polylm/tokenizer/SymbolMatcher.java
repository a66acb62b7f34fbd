package dev.polylm.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds symbols in a text: the leftmost first, and of those that begin there the longest. */
final class SymbolMatcher {
  /** Ids by symbol. */
  private final Map<String, Integer> symbols;

  /** The lengths of the symbols that begin with a char, longest first. */
  private final Map<Character, int[]> lengths = new HashMap<>();

  SymbolMatcher(Map<String, Integer> symbols) {
    this.symbols = Map.copyOf(symbols);
    for (String symbol : this.symbols.keySet()) {
      lengths.merge(symbol.charAt(0), new int[] {-symbol.length()}, SymbolMatcher::joined);
    }
    lengths.replaceAll((first, negated) -> Arrays.stream(negated).map(length -> -length).toArray());
  }

  /** Lengths are negated here, so that an ascending sort puts the longest first. */
  private static int[] joined(int[] left, int[] right) {
    int[] all = Arrays.copyOf(left, left.length + right.length);
    System.arraycopy(right, 0, all, left.length, right.length);
    return Arrays.stream(all).sorted().distinct().toArray();
  }

  /** The id of a symbol, -1 where the text is none. */
  int idOf(String text) {
    return symbols.getOrDefault(text, -1);
  }

  /** The length of the longest symbol that begins at a position, 0 where none does. */
  int lengthAt(String text, int position) {
    int[] candidates = lengths.get(text.charAt(position));
    if (candidates == null) {
      return 0;
    }
    for (int length : candidates) {
      if (position + length <= text.length()
          && symbols.containsKey(text.substring(position, position + length))) {
        return length;
      }
    }
    return 0;
  }

  /** The text cut before and after each symbol, without empty parts. */
  List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int start = 0;
    int position = 0;
    while (position < text.length()) {
      int length = lengthAt(text, position);
      if (length == 0) {
        position++;
        continue;
      }
      if (position > start) {
        parts.add(text.substring(start, position));
      }
      position += length;
      parts.add(text.substring(position - length, position));
      start = position;
    }
    if (start < text.length()) {
      parts.add(text.substring(start));
    }
    return parts;
  }
}
