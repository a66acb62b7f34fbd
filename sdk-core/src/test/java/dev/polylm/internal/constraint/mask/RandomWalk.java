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

  RandomWalk(PieceVocabulary vocabulary, long seed) {
    this.vocabulary = vocabulary;
    this.random = new Random(seed);
    for (int id = 0; id < vocabulary.size(); id++) {
      order.add(id);
    }
  }

  /** An allowed id that is no end, or -1 where there is none. */
  int draw(Mask mask) {
    int from = random.nextInt(order.size());
    for (int i = 0; i < order.size(); i++) {
      int id = order.get((from + i) % order.size());
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
