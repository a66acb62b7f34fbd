package dev.polylm.internal.tokenizer;

import java.util.Arrays;

/**
 * The symbols of a part of a text: first its characters, then the pieces that they were merged to.
 * It serves one part after the other. Not thread-safe.
 */
final class BpeSymbols {
  private static final int NONE = -1;
  private static final int FIRST_CAPACITY = 64;

  private final TextTrie trie;
  private final Merges merges;
  private final char[] text;

  /** The start of each symbol. It ends where the next one begins. */
  private int[] starts = {};

  private int[] previous = {};
  private int[] next = {};

  /** The node of each symbol's text in the trie. */
  private int[] nodes = {};

  /** The rank of the piece that each symbol makes with the next one, or none. */
  private int[] pairRanks = {};

  /** The node of the piece that each symbol makes with the next one. */
  private int[] pairNodes = {};

  /** A heap of ranks, each with its left symbol in the lower half. */
  private long[] heap = {};

  private int heapSize;
  private int end;

  BpeSymbols(TextTrie trie, Merges merges, char[] text) {
    this.trie = trie;
    this.merges = merges;
    this.text = text;
  }

  char[] text() {
    return text;
  }

  /** Returns the symbol after another, or a negative number at the end. */
  int next(int symbol) {
    return next[symbol];
  }

  int start(int symbol) {
    return starts[symbol];
  }

  int end(int symbol) {
    return next[symbol] == NONE ? end : starts[next[symbol]];
  }

  /** Returns the id of a symbol's text, or {@link TextTrie#NONE} if it is not a piece. */
  int id(int symbol) {
    return nodes[symbol] == TextTrie.NONE ? TextTrie.NONE : trie.id(nodes[symbol]);
  }

  /** Cuts a non-empty part of the text into characters and merges them. */
  void merge(int from, int to) {
    end = to;
    int count = readCharacters(from, to);
    heapSize = 0;
    for (int symbol = 0; symbol < count; symbol++) {
      offerPair(symbol);
    }
    while (heapSize > 0) {
      long first = pop();
      int left = (int) first;
      if (pairRanks[left] == first >>> Integer.SIZE) { // else the pair was changed since
        join(left);
      }
    }
  }

  private int readCharacters(int from, int to) {
    if (starts.length < to - from) {
      allocate(Math.max(FIRST_CAPACITY, to - from));
    }
    int count = 0;
    for (int position = from; position < to; ) {
      starts[count] = position;
      int node = trie.child(TextTrie.ROOT, text[position++]);
      if (Character.isHighSurrogate(text[position - 1])) {
        node = node == TextTrie.NONE ? node : trie.child(node, text[position]);
        position++;
      }
      nodes[count] = node;
      previous[count] = count - 1;
      next[count] = count + 1;
      count++;
    }
    next[count - 1] = NONE;
    return count;
  }

  private void allocate(int capacity) {
    starts = new int[capacity];
    previous = new int[capacity];
    next = new int[capacity];
    nodes = new int[capacity];
    pairRanks = new int[capacity];
    pairNodes = new int[capacity];
  }

  private void join(int left) {
    int right = next[left];
    nodes[left] = pairNodes[left];
    next[left] = next[right];
    pairRanks[right] = NONE;
    if (next[left] != NONE) {
      previous[next[left]] = left;
    }
    if (previous[left] != NONE) {
      offerPair(previous[left]);
    }
    offerPair(left);
  }

  /** Finds the piece that a symbol makes with the next one. */
  private void offerPair(int left) {
    pairRanks[left] = NONE;
    int node = nodes[left];
    if (next[left] == NONE) {
      return;
    }
    int rightEnd = end(next[left]);
    for (int i = starts[next[left]]; i < rightEnd && node != TextTrie.NONE; i++) {
      node = trie.child(node, text[i]);
    }
    int rank = node == TextTrie.NONE ? NONE : merges.rank(trie.id(node));
    if (rank != NONE) {
      pairRanks[left] = rank;
      pairNodes[left] = node;
      push(((long) rank << Integer.SIZE) | left);
    }
  }

  private void push(long value) {
    if (heapSize == heap.length) {
      heap = Arrays.copyOf(heap, Math.max(FIRST_CAPACITY, 2 * heapSize));
    }
    int place = heapSize++;
    while (place > 0 && heap[(place - 1) / 2] > value) {
      heap[place] = heap[(place - 1) / 2];
      place = (place - 1) / 2;
    }
    heap[place] = value;
  }

  private long pop() {
    long first = heap[0];
    long value = heap[--heapSize];
    int place = 0;
    while (2 * place + 1 < heapSize) {
      int child = 2 * place + 1;
      if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= value) {
        break;
      }
      heap[place] = heap[child];
      place = child;
    }
    heap[place] = value;
    return first;
  }
}
