package dev.polylm.internal.constraint.mask;

import dev.polylm.internal.constraint.grammar.Automaton;
import dev.polylm.internal.constraint.grammar.Configuration;
import dev.polylm.internal.constraint.term.FreeText;
import dev.polylm.internal.constraint.term.Term;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The masks of one grammar over one vocabulary. Each is computed once. Threads share it.
 *
 * <p>To compute a mask, it walks the tree of all pieces as far as the grammar allows. If the
 * grammar allows any plain text, as in a JSON string, the bits of plain pieces are ready, and only
 * the other pieces are tried. If it allows much plain text, as words of letters, plain pieces are
 * tried by the classes of their characters.
 */
final class Masker {
  private static final int MASK_ENTRY_BYTES = 100;
  private static final int FEW = 8;
  private static final int BOUNDARY_LENGTH = 1;
  private static final int MAX_TRIED = 2_000;
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
    this.bytes = automaton.sizeInBytes();
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
      walkPlain(view, at, 0);
    }
    walk(view.pieces.other, at, 0);
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
    walk(base.pieces.other, at, BOUNDARY_LENGTH);
    if (endless) {
      long[] plain = base.pieces.plainUpTo(FreeText.ENDLESS);
      for (int word = 0; word < bits.length; word++) {
        bits[word] |= plain[word] & view.cut[word];
      }
    } else {
      walkPlain(base, at, BOUNDARY_LENGTH);
    }
    for (int i = 0; i < foundCount; i++) {
      if (Bits.get(view.cut, found[i])) {
        Bits.set(bits, found[i]);
      }
    }
    addRest(at, view, bits);
    return new Mask(view.size(), bits, true, new int[0]);
  }

  private void addRest(Configuration at, View view, long[] bits) {
    foundCount = 0;
    walk(view.pieces.plain, at, 0);
    walk(view.pieces.other, at, 0);
    add(view.empty, 0, view.empty.length);
    for (int i = 0; i < foundCount; i++) {
      Bits.set(bits, found[i]);
    }
  }

  /** Returns how far plain text may continue, as {@link FreeText} says. */
  private int length(Configuration at) {
    List<Term> next = at.nextTerms();
    int length = freeText.length(next, !at.accepting());
    boolean free =
        length == FreeText.UNKNOWN && freeText.mayBeEndless(next) && plainText.isFree(at);
    return free ? FreeText.ENDLESS : length;
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

  /**
   * Adds the ids of all plain pieces that the grammar allows.
   *
   * @param skipped 1 to take only pieces that begin with a word boundary, which is not read, or 0
   */
  private void walkPlain(View view, Configuration from, int skipped) {
    int before = foundCount;
    if (!takesLetters(from) || !walkClasses(view, from, skipped)) {
      foundCount = before;
      walk(view.pieces.plain, from, skipped);
    }
  }

  /** Returns whether so many pieces may come that it is worth to try them by classes. */
  private boolean takesLetters(Configuration at) {
    @Nullable Configuration[] row = automaton.row(at);
    for (int letter = 'a'; letter <= 'z'; letter++) {
      if (row[letter] == null) {
        return false;
      }
    }
    return true;
  }

  /**
   * Adds the ids of plain pieces by the classes of their characters. If a class is mixed, it tries
   * the pieces one by one.
   *
   * @return false if those are too many
   */
  private boolean walkClasses(View view, Configuration from, int skipped) {
    PieceTrie trie = view.pieces.classes;
    int boundary = skipped == 0 ? -1 : trie.rootChild(View.BOUNDARY);
    int end = skipped == 0 ? trie.size() : boundary < 0 ? 0 : trie.end(boundary);
    Configuration[] path = new Configuration[trie.depth() + 1];
    path[skipped] = from;
    int tried = 0;
    int node = boundary + 1;
    while (node < end) {
      int depth = trie.depthAt(node);
      Configuration next = automaton.afterClass(path[depth - 1], trie.byteAt(node));
      int last = trie.end(node);
      if (next == Configuration.MIXED) {
        tried += trie.idStart(last) - trie.idStart(node);
        if (tried > MAX_TRIED) {
          return false;
        }
        tryEach(view, from, trie.idStart(node), trie.idStart(last), skipped);
      } else if (next != Configuration.NONE) {
        path[depth] = next;
        add(trie, node, node + 1);
        last = node + 1;
      }
      node = last;
    }
    return true;
  }

  private void tryEach(View view, Configuration from, int first, int end, int skipped) {
    int[] ids = view.pieces.classes.ids();
    for (int i = first; i < end; i++) {
      byte[] bytes = view.bytes(ids[i]);
      if (automaton.after(from, Arrays.copyOfRange(bytes, skipped, bytes.length)) != null) {
        add(ids, i, 1);
      }
    }
  }

  /**
   * Adds the ids of all pieces that the grammar allows.
   *
   * @param skipped 1 to take only pieces that begin with a word boundary, which is not read, or 0
   */
  private void walk(PieceTrie trie, Configuration from, int skipped) {
    if (rows.length <= trie.depth()) {
      rows = new Configuration[trie.depth() + 1][];
    }
    rows[skipped] = automaton.row(from);
    int boundary = skipped == 0 ? -1 : trie.rootChild(View.BOUNDARY);
    int end = skipped == 0 ? trie.size() : boundary < 0 ? 0 : trie.end(boundary);
    int node = boundary + 1;
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
