package dev.polylm.internal.tokenizer;

import java.util.Map;

/** Finds symbols in a text: the leftmost first, and the longest of those that begin there. */
final class SymbolMatcher {
  private final TextTrie trie = new TextTrie();
  private final boolean empty;

  /**
   * @param symbols the ids by symbol
   */
  SymbolMatcher(Map<String, Integer> symbols) {
    symbols.forEach(trie::put);
    empty = symbols.isEmpty();
  }

  boolean isEmpty() {
    return empty;
  }

  /** Returns the id of a symbol that is in the text. */
  int idOf(CharSequence text, int start, int length) {
    return trie.idOf(text.subSequence(start, start + length));
  }

  /** Returns the length of the longest symbol that begins at a position, or 0 if none does. */
  int lengthAt(CharSequence text, int start) {
    int longest = 0;
    int node = TextTrie.ROOT;
    for (int position = start; position < text.length(); position++) {
      node = trie.child(node, text.charAt(position));
      if (node == TextTrie.NONE) {
        break;
      }
      if (trie.id(node) != TextTrie.NONE) {
        longest = position + 1 - start;
      }
    }
    return longest;
  }

  /** Returns the start of the next symbol, or the text's length if there is none. */
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
