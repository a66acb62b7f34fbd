package dev.polylm.internal.constraint.term;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.List;

/**
 * Makes one term of many words. It shares their beginnings, so that a byte decides among thousands
 * of them at once.
 */
public final class Words {
  private final Terms terms;
  private final Deque<Node> open = new ArrayDeque<>();

  /** A place in the tree of words. */
  private static final class Node {
    final int depth;
    final List<Term> branches = new ArrayList<>();

    Node(int depth) {
      this.depth = depth;
    }
  }

  private Words(Terms terms) {
    this.terms = terms;
  }

  /** Returns a term for any of the words. */
  public static Term any(Terms terms, Collection<byte[]> words) {
    byte[][] sorted = words.toArray(byte[][]::new);
    Arrays.sort(sorted, Arrays::compareUnsigned);
    return new Words(terms).build(sorted);
  }

  private Term build(byte[][] sorted) {
    if (sorted.length == 0) {
      return Terms.EMPTY;
    }
    open.push(new Node(0));
    for (int i = 0; i < sorted.length; i++) {
      int next = i + 1 < sorted.length ? shared(sorted[i], sorted[i + 1]) : 0;
      add(sorted[i], next);
    }
    return terms.either(open.pop().branches);
  }

  /**
   * Adds a word, and closes the places that the next word does not pass. The next word shares a
   * beginning of the given length.
   */
  private void add(byte[] word, int sharedWithNext) {
    Term tail = Terms.EPSILON;
    int from = word.length;
    while (true) {
      Node node = open.element();
      if (node.depth < sharedWithNext) {
        Node branching = new Node(sharedWithNext);
        branching.branches.add(literal(word, sharedWithNext, from, tail));
        open.push(branching);
        return;
      }
      node.branches.add(literal(word, node.depth, from, tail));
      if (node.depth == sharedWithNext) {
        return;
      }
      tail = terms.either(node.branches);
      from = node.depth;
      open.pop();
    }
  }

  private Term literal(byte[] word, int from, int to, Term tail) {
    return terms.concat(terms.literal(Arrays.copyOfRange(word, from, to)), tail);
  }

  private static int shared(byte[] word, byte[] next) {
    int mismatch = Arrays.mismatch(word, next);
    return mismatch < 0 ? word.length : mismatch;
  }
}
