package dev.polylm.internal.constraint.mask;

import dev.polylm.internal.constraint.term.FreeText;
import dev.polylm.internal.constraint.term.PlainClasses;
import java.util.ArrayList;
import java.util.List;

/**
 * Pieces of a vocabulary, prepared so that all can be tried at once. Plain text is kept separately,
 * as bits by the number of its characters. Immutable.
 */
final class Pieces {
  final PieceTrie plain;

  /** The plain pieces again, by the classes of their characters. */
  final PieceTrie classes;

  final PieceTrie other;

  /** The ids of plain pieces of at most so many characters: [characters][id bits]. */
  private final long[][] plainUpTo;

  /**
   * @param pieces the pieces by id
   * @param members the ids to take; none of their pieces is empty
   */
  Pieces(byte[][] pieces, List<Integer> members) {
    List<Integer> plainIds = new ArrayList<>();
    List<Integer> otherIds = new ArrayList<>();
    int[] characters = new int[pieces.length];
    int longest = 0;
    for (int id : members) {
      characters[id] = FreeText.characters(pieces[id]);
      longest = Math.max(longest, characters[id]);
      (characters[id] > 0 ? plainIds : otherIds).add(id);
    }
    plain = new PieceTrie(pieces, plainIds);
    other = new PieceTrie(pieces, otherIds);
    byte[][] classesOfPieces = new byte[pieces.length][];
    plainIds.forEach(id -> classesOfPieces[id] = PlainClasses.of(pieces[id]));
    classes = new PieceTrie(classesOfPieces, plainIds);
    plainUpTo = new long[longest + 1][Bits.words(pieces.length)];
    for (int id : plainIds) {
      for (int length = characters[id]; length <= longest; length++) {
        Bits.set(plainUpTo[length], id);
      }
    }
  }

  /** Returns the bits of all plain pieces up to a length. Don't change them. */
  long[] plainUpTo(int characters) {
    return plainUpTo[Math.min(characters, plainUpTo.length - 1)];
  }

  int depth() {
    return Math.max(plain.depth(), other.depth());
  }
}
