package dev.polylm.internal.constraint.mask;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that every id adds at one place of an answer: at its beginning, or later. The beginning
 * differs from later places only in a word boundary that is not written, so the two share their
 * trees. Immutable.
 */
final class View {
  /** A word boundary, as it is written. */
  static final int BOUNDARY = ' ';

  private static final byte[] NOTHING = {};

  private final TokenVocabulary vocabulary;
  private final IntFunction<byte[]> source;

  /** The view that this one resembles; null for later places in an answer. */
  final @Nullable View base;

  /** The ids that add other bytes than in the base, as bits. */
  final long[] changed;

  /** The changed ids that add the same bytes as in the base without the first byte, a boundary. */
  final long[] cut;

  /** The other changed ids; in a view without a base, all ids. */
  final Pieces pieces;

  /** Ids that add nothing here but may come: the word boundary before a text. */
  final int[] empty;

  private View(
      TokenVocabulary vocabulary,
      IntFunction<byte[]> source,
      @Nullable View base,
      boolean emptyMayCome) {
    this.vocabulary = vocabulary;
    this.source = source;
    this.base = base;
    this.changed = new long[Bits.words(vocabulary.size())];
    this.cut = new long[changed.length];
    byte[][] own = new byte[vocabulary.size()][];
    List<Integer> members = new ArrayList<>();
    List<Integer> nothing = new ArrayList<>();
    for (int id = 0; id < own.length; id++) {
      if (vocabulary.isText(id)) {
        own[id] = source.apply(id);
        sort(id, own[id], members, nothing);
      }
    }
    this.pieces = new Pieces(own, members);
    this.empty = emptyMayCome ? nothing.stream().mapToInt(id -> id).toArray() : new int[0];
  }

  private void sort(int id, byte[] bytes, List<Integer> members, List<Integer> nothing) {
    byte[] before = base == null ? NOTHING : base.source.apply(id);
    if (base != null && Arrays.equals(bytes, before)) {
      return;
    }
    Bits.set(changed, id);
    boolean isCut =
        before.length > 1
            && before[0] == BOUNDARY
            && Arrays.equals(bytes, 0, bytes.length, before, 1, before.length);
    if (isCut) {
      Bits.set(cut, id);
    } else if (bytes.length > 0) {
      members.add(id);
    } else if (before.length == 1) {
      nothing.add(id);
    }
  }

  /** Returns the view for places where the answer already has text. */
  static View later(TokenVocabulary vocabulary) {
    return new View(vocabulary, vocabulary::bytes, null, false);
  }

  /**
   * Returns the view before the first id. A piece that is one word boundary adds nothing, but may
   * come. A piece of several may not: it uses up the boundaries that decoding drops.
   */
  static View first(TokenVocabulary vocabulary, View later) {
    return new View(vocabulary, vocabulary::firstBytes, later, true);
  }

  /**
   * Returns the view after ids that wrote nothing. Ids that add nothing may not come, because they
   * could come for ever.
   */
  static View leading(TokenVocabulary vocabulary, View later) {
    return new View(vocabulary, vocabulary::leadingBytes, later, false);
  }

  /** Returns the number of ids. */
  int size() {
    return vocabulary.size();
  }

  /** Returns the bytes that the id adds here, or none for ids that are not text. */
  byte[] bytes(int id) {
    boolean text = id >= 0 && id < vocabulary.size() && vocabulary.isText(id);
    return text ? source.apply(id) : NOTHING;
  }

  /** An id, and the number of bytes that it adds. */
  record Match(int id, int length) {
    static final Match NONE = new Match(0, 0);

    Match orLonger(Match other) {
      return other.length > length ? other : this;
    }
  }

  /** Returns the longest piece that a text continues with here. */
  Match longest(byte[] text, int from) {
    Match own = longest(pieces, text, from);
    if (base == null) {
      return own;
    }
    Match ofBase = longest(base.pieces, text, from);
    Match cutPlain = longestCut(base.pieces.plain, text, from);
    Match cutOther = longestCut(base.pieces.other, text, from);
    return own.orLonger(Bits.get(changed, ofBase.id) ? Match.NONE : ofBase)
        .orLonger(Bits.get(cut, cutPlain.id) ? cutPlain : Match.NONE)
        .orLonger(Bits.get(cut, cutOther.id) ? cutOther : Match.NONE);
  }

  private static Match longest(Pieces pieces, byte[] text, int from) {
    return match(pieces.plain, pieces.plain.longest(text, from), 0)
        .orLonger(match(pieces.other, pieces.other.longest(text, from), 0));
  }

  private static Match longestCut(PieceTrie trie, byte[] text, int from) {
    int boundary = trie.rootChild(BOUNDARY);
    return boundary < 0
        ? Match.NONE
        : match(trie, trie.longest(text, from, boundary + 1, trie.end(boundary)), 1);
  }

  /**
   * Returns the match at a node. Of several ids with the same bytes it takes the last, because byte
   * pieces come before text pieces.
   */
  private static Match match(PieceTrie trie, int node, int skipped) {
    return node < 0
        ? Match.NONE
        : new Match(trie.ids()[trie.idStart(node + 1) - 1], trie.depthAt(node) - skipped);
  }
}
