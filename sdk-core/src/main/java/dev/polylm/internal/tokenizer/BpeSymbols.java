package dev.polylm.internal.tokenizer;

import java.util.Arrays;

/**
 * The symbols of a part of a text: at first its characters, then what they were merged to. Used for
 * one part after the other; not thread-safe.
 */
final class BpeSymbols {
  private static final int NONE = -1;
  private static final int FIRST_CAPACITY = 64;

  private final PieceTrie trie;
  private final Merges merges;
  private final char[] text;

  /** By symbol: where it begins. It ends where the next one begins. */
  private int[] starts = {};

  private int[] previous = {};
  private int[] next = {};

  /** By symbol: the node of its text in the trie. */
  private int[] nodes = {};

  /** By symbol: the rank of what it makes with the next symbol, or none. */
  private int[] pairRanks = {};

  /** By symbol: the node of what it makes with the next symbol. */
  private int[] pairNodes = {};

  /** A heap of ranks, each with its left symbol in the lower half. */
  private long[] heap = {};

  private int heapSize;
  private int end;

  BpeSymbols(PieceTrie trie, Merges merges, char[] text) {
    this.trie = trie;
    this.merges = merges;
    this.text = text;
  }

  char[] text() {
    return text;
  }

  /** The symbol behind another, negative at the end. */
  int next(int symbol) {
    return next[symbol];
  }

  int start(int symbol) {
    return starts[symbol];
  }

  int end(int symbol) {
    return next[symbol] == NONE ? end : starts[next[symbol]];
  }

  /** The id of a symbol's text, {@link PieceTrie#NONE} where it is no piece. */
  int id(int symbol) {
    return nodes[symbol] == PieceTrie.NONE ? PieceTrie.NONE : trie.id(nodes[symbol]);
  }

  /** Cuts a part of the text, not empty, into characters and merges them. */
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
      int node = trie.child(PieceTrie.ROOT, text[position++]);
      if (Character.isHighSurrogate(text[position - 1])) {
        node = node == PieceTrie.NONE ? node : trie.child(node, text[position]);
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

  /** Finds what a symbol makes with the next one. */
  private void offerPair(int left) {
    pairRanks[left] = NONE;
    int node = nodes[left];
    if (next[left] == NONE) {
      return;
    }
    int rightEnd = end(next[left]);
    for (int i = starts[next[left]]; i < rightEnd && node != PieceTrie.NONE; i++) {
      node = trie.child(node, text[i]);
    }
    int rank = node == PieceTrie.NONE ? NONE : merges.rank(trie.id(node));
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
