package dev.polylm.internal.tokenizer;

import java.util.Map;

/** Finds symbols in a text: the leftmost first, and of those that begin there the longest. */
final class SymbolMatcher {
  private final PieceTrie trie = new PieceTrie();
  private final boolean empty;

  /**
   * @param symbols ids by symbol
   */
  SymbolMatcher(Map<String, Integer> symbols) {
    symbols.forEach(trie::put);
    empty = symbols.isEmpty();
  }

  boolean isEmpty() {
    return empty;
  }

  /** The id of a symbol that is in the text. */
  int idOf(CharSequence text, int start, int length) {
    return trie.idOf(text.subSequence(start, start + length));
  }

  /** The length of the longest symbol that begins at a position, 0 where none does. */
  int lengthAt(CharSequence text, int start) {
    int longest = 0;
    int node = PieceTrie.ROOT;
    for (int position = start; position < text.length(); position++) {
      node = trie.child(node, text.charAt(position));
      if (node == PieceTrie.NONE) {
        break;
      }
      if (trie.id(node) != PieceTrie.NONE) {
        longest = position + 1 - start;
      }
    }
    return longest;
  }

  /** Where the next symbol begins, the text's length where none does. */
  int next(CharSequence text, int from) {
    if (empty) {
      return text.length();
    }
    int position = from;
    while (position < text.length() && lengthAt(text, position) == 0) {
      position++;
    }
    return position;
  }
}
