package dev.polylm.internal.constraint.mask;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Draws ids that masks allow. */
final class RandomWalk {
  private final PieceVocabulary vocabulary;
  private final Random random;
  private final List<Integer> order = new ArrayList<>();
  private final List<Integer> signs = new ArrayList<>();

  RandomWalk(PieceVocabulary vocabulary, long seed) {
    this.vocabulary = vocabulary;
    this.random = new Random(seed);
    for (int id = 0; id < vocabulary.size(); id++) {
      order.add(id);
      if (vocabulary.isText(id) && isSign(vocabulary.bytes(id))) {
        signs.add(id);
      }
    }
  }

  private static boolean isSign(byte[] text) {
    for (byte b : text) {
      if (b < ' ' || Character.isLetter(b)) {
        return false;
      }
    }
    return true;
  }

  /**
   * An allowed id that is no end, or -1 where there is none. Half of the ids are signs, if there
   * are any, because an answer that stays in its first string shows little of its form.
   */
  int draw(Mask mask) {
    int sign = random.nextBoolean() ? first(mask, signs) : -1;
    return sign < 0 ? first(mask, order) : sign;
  }

  private int first(Mask mask, List<Integer> ids) {
    int from = random.nextInt(ids.size());
    for (int i = 0; i < ids.size(); i++) {
      int id = ids.get((from + i) % ids.size());
      if (id != PieceVocabulary.EOS && mask.allows(id)) {
        return id;
      }
    }
    return -1;
  }

  /** An allowed id that rather closes than opens, so that answers come to an end. */
  int drawToEnd(Mask mask) {
    for (String closing : List.of("\"}", "\"", "}", "]", ",", ":", "0", "a")) {
      int id = vocabulary.id(closing);
      if (mask.allows(id) && random.nextInt(10) > 0) {
        return id;
      }
    }
    return draw(mask);
  }

  boolean chance(int oneOf) {
    return random.nextInt(oneOf) == 0;
  }

  /** Another order, so that pieces which stand after forbidden ones are not preferred. */
  void shuffle() {
    Collections.shuffle(order, random);
  }
}
