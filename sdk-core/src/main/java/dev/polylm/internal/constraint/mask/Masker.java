package dev.polylm.internal.constraint.mask;

import dev.polylm.internal.constraint.grammar.Automaton;
import dev.polylm.internal.constraint.grammar.Configuration;
import dev.polylm.internal.constraint.term.FreeText;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The masks of one grammar over one vocabulary. Each is computed once. Threads share it.
 *
 * <p>To compute a mask, it walks the tree of all pieces as far as the grammar allows. If the
 * grammar allows any plain text, as in a JSON string, the bits of plain pieces are ready, and only
 * the other pieces are tried.
 */
final class Masker {
  private static final int MASK_ENTRY_BYTES = 100;
  private static final int FEW = 8;
  private static final long MAX_KEPT_BYTES = 6L << 20;

  /** A mask with more ids than this fraction of the vocabulary is stored as bits. */
  private static final int LIST_SHARE = 64;

  private final Automaton automaton;
  private final FreeText freeText;
  private final PlainText plainText;
  private final IdentityHashMap<View, Map<Configuration, Mask>> masks = new IdentityHashMap<>();
  private long maskBytes;

  /** The sizes are read without the lock, because a costly mask may hold it for long. */
  private volatile long keptBytes;

  private volatile long bytes;
  private int[] found = new int[256];
  private int foundCount;
  private @Nullable Configuration[][] rows = new Configuration[0][];

  Masker(Automaton automaton) {
    this.automaton = automaton;
    this.freeText = new FreeText(automaton.terms(), automaton.emptiness());
    this.plainText = new PlainText(automaton);
  }

  Configuration start() {
    return automaton.start();
  }

  /**
   * Returns true if it holds much data that only saves time. The data of an answer's own path does
   * not count.
   */
  boolean isFull() {
    return keptBytes > MAX_KEPT_BYTES;
  }

  long sizeInBytes() {
    return bytes;
  }

  /**
   * Returns the configuration after a text, or null if no text of the grammar continues with it.
   */
  synchronized @Nullable Configuration after(Configuration from, byte[] text) {
    automaton.terms().budget().restart();
    return automaton.after(from, text);
  }

  /** Returns true if the text may end here and can't continue. */
  synchronized boolean ended(Configuration at) {
    automaton.terms().budget().restart();
    return automaton.ended(at);
  }

  /** Returns the bytes that every text of the grammar continues with, up to a limit. */
  synchronized byte[] forced(Configuration from, int limit) {
    automaton.terms().budget().restart();
    return automaton.forced(from, limit);
  }

  /** Returns the shortest text after which the text may end. */
  synchronized byte[] completion(Configuration from) {
    automaton.terms().budget().restart();
    return automaton.completion(from);
  }

  /** Returns the ids of text that may come next. The ids that end an answer are not its concern. */
  synchronized Mask mask(Configuration at, View view) {
    Map<Configuration, Mask> ofView = masks.computeIfAbsent(view, v -> new HashMap<>());
    Mask mask = ofView.get(at);
    if (mask == null) {
      automaton.terms().budget().restart();
      mask = compute(at, view);
      ofView.put(at, mask);
      maskBytes += MASK_ENTRY_BYTES + mask.sizeInBytes();
      keptBytes = automaton.rowBytes() + maskBytes;
      bytes = automaton.sizeInBytes() + maskBytes;
    }
    return mask;
  }

  private Mask compute(Configuration at, View view) {
    if (view.base != null) {
      return changed(at, view, view.base);
    }
    foundCount = 0;
    int length = length(at);
    if (length == FreeText.UNKNOWN) {
      walk(view.pieces.plain, at);
    }
    walk(view.pieces.other, at);
    long @Nullable [] plain = length == FreeText.UNKNOWN ? null : view.pieces.plainUpTo(length);
    return of(view.size(), plain);
  }

  /** Returns the base's mask, corrected for the ids that add other bytes here. */
  private Mask changed(Configuration at, View view, View base) {
    long[] bits = mask(at, base).toBits();
    for (int word = 0; word < bits.length; word++) {
      bits[word] &= ~view.changed[word];
    }
    boolean endless = length(at) == FreeText.ENDLESS;
    foundCount = 0;
    walkCut(base.pieces.other, at);
    if (endless) {
      long[] plain = base.pieces.plainUpTo(FreeText.ENDLESS);
      for (int word = 0; word < bits.length; word++) {
        bits[word] |= plain[word] & view.cut[word];
      }
    } else {
      walkCut(base.pieces.plain, at);
    }
    for (int i = 0; i < foundCount; i++) {
      if (Bits.get(view.cut, found[i])) {
        Bits.set(bits, found[i]);
      }
    }
    addRest(at, view, bits);
    return new Mask(view.size(), bits, true, new int[0]);
  }

  /** Walks the pieces below the word boundary. The boundary is not written, so it is not read. */
  private void walkCut(PieceTrie trie, Configuration at) {
    int boundary = trie.rootChild(View.BOUNDARY);
    if (boundary >= 0) {
      walk(trie, at, boundary + 1, trie.end(boundary), 1);
    }
  }

  private void addRest(Configuration at, View view, long[] bits) {
    foundCount = 0;
    walk(view.pieces.plain, at);
    walk(view.pieces.other, at);
    add(view.empty, 0, view.empty.length);
    for (int i = 0; i < foundCount; i++) {
      Bits.set(bits, found[i]);
    }
  }

  /** Returns how far plain text may continue, as {@link FreeText} says. */
  private int length(Configuration at) {
    int length = freeText.length(at.nextTerms(), !at.accepting());
    return length == FreeText.UNKNOWN && plainText.isFree(at) ? FreeText.ENDLESS : length;
  }

  private Mask of(int size, long @Nullable [] plain) {
    if (foundCount <= size / LIST_SHARE) {
      return new Mask(size, plain, false, Arrays.copyOf(found, foundCount));
    }
    long[] bits = plain == null ? new long[Bits.words(size)] : plain.clone();
    for (int i = 0; i < foundCount; i++) {
      Bits.set(bits, found[i]);
    }
    return new Mask(size, bits, true, new int[0]);
  }

  private void walk(PieceTrie trie, Configuration from) {
    walk(trie, from, 0, trie.size(), 0);
  }

  /**
   * Adds the ids of all pieces that the grammar allows, among the nodes from first to end.
   *
   * @param skipped the number of bytes above those nodes, which are not read
   */
  private void walk(PieceTrie trie, Configuration from, int first, int end, int skipped) {
    if (rows.length <= trie.depth()) {
      rows = new Configuration[trie.depth() + 1][];
    }
    rows[skipped] = automaton.row(from);
    int node = first;
    while (node < end) {
      int depth = trie.depthAt(node);
      Configuration next = rows[depth - 1][trie.byteAt(node)];
      int last = trie.end(node);
      if (next == null) {
        node = last;
      } else if (last == node + 1) {
        add(trie, node, last);
        node = last;
      } else {
        rows[depth] = automaton.row(next);
        boolean whole = next.loopsOn(trie.groupsBelow(node));
        add(trie, node, whole ? last : node + 1);
        node = whole ? last : node + 1;
      }
    }
  }

  /** Adds the ids of nodes from first to end. */
  private void add(PieceTrie trie, int first, int end) {
    int from = trie.idStart(first);
    add(trie.ids(), from, trie.idStart(end) - from);
  }

  private void add(int[] ids, int from, int count) {
    if (foundCount + count > found.length) {
      found = Arrays.copyOf(found, Math.max(2 * found.length, foundCount + count));
    }
    if (count < FEW) {
      for (int i = 0; i < count; i++) {
        found[foundCount + i] = ids[from + i];
      }
    } else {
      System.arraycopy(ids, from, found, foundCount, count);
    }
    foundCount += count;
  }
}
