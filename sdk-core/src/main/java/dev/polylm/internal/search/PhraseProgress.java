package dev.polylm.internal.search;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far the ids of an answer have come with phrases that must occur in it. Immutable.
 *
 * <p>Source: {@code ConstraintListState} of transformers 4.57. As there, an id takes only one
 * phrase further, and an id that breaks a phrase off begins no other.
 *
 * @param pending those that have not begun
 * @param begun the one that has, or null
 * @param place how far that one has come, or null
 * @param steps how many ids that one has
 * @param complete how many occurred
 */
record PhraseProgress(
    List<Phrase> pending, @Nullable Phrase begun, @Nullable Place place, int steps, int complete) {

  /** A place in the tree of a phrase's spellings. */
  record Place(Map<Integer, Place> next) {
    Place() {
      this(new LinkedHashMap<>());
    }
  }

  /**
   * A phrase in all its spellings.
   *
   * @param length the ids of the longest
   */
  record Phrase(Place start, int length) {

    /** A spelling that begins with a shorter one is left out, since the shorter is enough. */
    static Phrase of(List<int[]> spellings) {
      Place start = new Place();
      int length = 0;
      List<int[]> shortestFirst = new ArrayList<>(spellings);
      shortestFirst.sort((one, other) -> Integer.compare(one.length, other.length));
      for (int[] spelling : shortestFirst) {
        if (add(start, spelling)) {
          length = spelling.length;
        }
      }
      return new Phrase(start, length);
    }

    /** Returns false if a shorter spelling begins this one. */
    private static boolean add(Place start, int[] spelling) {
      Place place = start;
      for (int id : spelling) {
        Place known = place.next.get(id);
        if (known != null && known.next.isEmpty()) {
          return false;
        }
        place = place.next.computeIfAbsent(id, i -> new Place());
      }
      return true;
    }
  }

  static PhraseProgress begin(List<Phrase> phrases) {
    return new PhraseProgress(List.copyOf(phrases), null, null, 0, 0);
  }

  /** Returns whether all phrases occurred. */
  boolean isComplete() {
    return begun == null && pending.isEmpty();
  }

  /** Returns the ids that take a phrase further; if one has begun, only that one. */
  Collection<Integer> nextIds() {
    if (place != null) {
      return place.next.keySet();
    }
    List<Integer> ids = new ArrayList<>();
    pending.forEach(phrase -> ids.addAll(phrase.start.next.keySet()));
    return ids;
  }

  /** Returns the progress after one more id. */
  PhraseProgress after(int id) {
    if (begun != null && place != null) {
      Place next = place.next.get(id);
      return next == null ? brokenOff(begun) : at(pending, begun, next, steps + 1);
    }
    for (int i = 0; i < pending.size(); i++) {
      Place next = pending.get(i).start.next.get(id);
      if (next != null) {
        List<Phrase> others = new ArrayList<>(pending);
        return at(others, others.remove(i), next, 1);
      }
    }
    return this;
  }

  private PhraseProgress brokenOff(Phrase phrase) {
    List<Phrase> all = new ArrayList<>(pending);
    all.add(phrase);
    return new PhraseProgress(List.copyOf(all), null, null, 0, complete);
  }

  private PhraseProgress at(List<Phrase> others, Phrase phrase, Place next, int count) {
    return next.next.isEmpty()
        ? new PhraseProgress(List.copyOf(others), null, null, 0, complete + 1)
        : new PhraseProgress(List.copyOf(others), phrase, next, count, complete);
  }

  /**
   * Returns the number of ids that count as done.
   *
   * @param longest the ids of the longest phrase of all, as many as a phrase that occurred counts
   */
  int bank(int longest) {
    return complete * longest + (begun == null ? 0 : longest - (begun.length - steps));
  }
}
