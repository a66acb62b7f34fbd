package dev.polylm.internal.constraint.mask;

import dev.polylm.internal.constraint.term.ByteGroups;
import java.util.Arrays;
import java.util.List;

/**
 * A tree of pieces by their bytes, in flat arrays. The nodes are in depth-first order. So a walk is
 * a loop, a jump to {@link #end} skips all pieces with the same beginning, and the ids below a node
 * are contiguous. Immutable.
 */
final class PieceTrie {
  private static final int BYTE_BITS = 8;
  private static final int BYTE_MASK = 0xFF;

  /** The node's byte in the low bits, and its depth, from 1, above it. */
  private final int[] bytesAndDepths;

  /** The node after all nodes below this one. */
  private final int[] ends;

  /** The number of ids at nodes before this one. There is one more entry than nodes. */
  private final int[] idStarts;

  /** The groups of the bytes below the node. */
  private final byte[] groupsBelow;

  /** The ids in the order of their nodes. */
  private final int[] ids;

  private final int depth;
  private final int size;

  /**
   * @param pieces the pieces by id
   * @param members the ids that are in the tree; none of their pieces is empty
   */
  PieceTrie(byte[][] pieces, List<Integer> members) {
    Integer[] sorted = members.toArray(Integer[]::new);
    Arrays.sort(sorted, (a, b) -> Arrays.compareUnsigned(pieces[a], pieces[b]));
    ids = Arrays.stream(sorted).mapToInt(id -> id).toArray();
    int nodes = 0;
    int deepest = 0;
    for (int i = 0; i < ids.length; i++) {
      nodes += pieces[ids[i]].length - sharedWithPrevious(pieces, i);
      deepest = Math.max(deepest, pieces[ids[i]].length);
    }
    size = nodes;
    depth = deepest;
    bytesAndDepths = new int[nodes];
    ends = new int[nodes];
    idStarts = new int[nodes + 1];
    groupsBelow = new byte[nodes];
    fill(pieces);
    fillGroups();
  }

  private int sharedWithPrevious(byte[][] pieces, int i) {
    if (i == 0) {
      return 0;
    }
    int mismatch = Arrays.mismatch(pieces[ids[i - 1]], pieces[ids[i]]);
    return mismatch < 0 ? pieces[ids[i]].length : mismatch;
  }

  private void fill(byte[][] pieces) {
    int[] open = new int[depth + 1];
    int openDepth = 0;
    int node = 0;
    for (int i = 0; i < ids.length; i++) {
      byte[] piece = pieces[ids[i]];
      int common = sharedWithPrevious(pieces, i);
      while (openDepth > common) {
        ends[open[openDepth--]] = node;
      }
      while (openDepth < piece.length) {
        bytesAndDepths[node] =
            Byte.toUnsignedInt(piece[openDepth]) | ((openDepth + 1) << BYTE_BITS);
        idStarts[node] = i;
        open[++openDepth] = node++;
      }
    }
    while (openDepth > 0) {
      ends[open[openDepth--]] = node;
    }
    idStarts[size] = ids.length;
  }

  private void fillGroups() {
    for (int node = size - 1; node >= 0; node--) {
      int groups = 0;
      for (int child = node + 1; child < ends[node]; child = ends[child]) {
        groups |= ByteGroups.of(byteAt(child)) | groupsBelow[child];
      }
      groupsBelow[node] = (byte) groups;
    }
  }

  int size() {
    return size;
  }

  /** Returns the number of bytes of the longest piece. */
  int depth() {
    return depth;
  }

  int byteAt(int node) {
    return bytesAndDepths[node] & BYTE_MASK;
  }

  int depthAt(int node) {
    return bytesAndDepths[node] >>> BYTE_BITS;
  }

  int end(int node) {
    return ends[node];
  }

  /** Returns the groups of the bytes below the node, as {@link ByteGroups} defines them. */
  int groupsBelow(int node) {
    return Byte.toUnsignedInt(groupsBelow[node]);
  }

  /**
   * Returns where the ids of a node begin in {@link #ids}. The ids of the next node follow them.
   */
  int idStart(int node) {
    return idStarts[node];
  }

  /** Returns all ids, in the order of their nodes. Don't change them. */
  int[] ids() {
    return ids;
  }

  /** Returns the node of a byte at the root, or -1. */
  int rootChild(int b) {
    return child(0, size, b);
  }

  /** Returns the node of the longest piece that a text continues with, or -1. */
  int longest(byte[] text, int from) {
    return longest(text, from, 0, size);
  }

  /**
   * @param first the first of the nodes to choose from
   * @param end the node after them
   */
  int longest(byte[] text, int from, int first, int end) {
    int found = -1;
    int next = first;
    int until = end;
    for (int i = from; i < text.length; i++) {
      int node = child(next, until, Byte.toUnsignedInt(text[i]));
      if (node < 0) {
        return found;
      }
      found = idStarts[node + 1] > idStarts[node] ? node : found;
      until = ends[node];
      next = node + 1;
    }
    return found;
  }

  private int child(int first, int end, int b) {
    for (int node = first; node < end; node = ends[node]) {
      if (byteAt(node) == b) {
        return node;
      }
    }
    return -1;
  }
}
