package dev.polylm.internal.constraint.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The places that a {@link NaiveAcceptor} comes to, numbered, so that each step is made once. */
public final class NaiveStates {
  /** The place from which no text of the grammar is left. */
  public static final int NONE = -1;

  private static final int UNKNOWN = -2;

  private final NaiveAcceptor acceptor = new NaiveAcceptor();
  private final Map<Set<List<Object>>, Integer> numbers = new HashMap<>();
  private final List<Set<List<Object>>> places = new ArrayList<>();
  private final List<int[]> steps = new ArrayList<>();
  private final int start;

  public NaiveStates(Rule start) {
    this.start = number(acceptor.begin(start));
  }

  private int number(Set<List<Object>> stacks) {
    if (stacks.isEmpty()) {
      return NONE;
    }
    Integer known = numbers.get(stacks);
    if (known != null) {
      return known;
    }
    int[] unknown = new int[256];
    Arrays.fill(unknown, UNKNOWN);
    numbers.put(stacks, places.size());
    places.add(stacks);
    steps.add(unknown);
    return places.size() - 1;
  }

  public int start() {
    return start;
  }

  public int after(int place, byte[] text) {
    int at = place;
    for (int i = 0; at != NONE && i < text.length; i++) {
      at = after(at, Byte.toUnsignedInt(text[i]));
    }
    return at;
  }

  private int after(int place, int b) {
    if (steps.get(place)[b] == UNKNOWN) {
      steps.get(place)[b] = number(acceptor.step(places.get(place), b));
    }
    return steps.get(place)[b];
  }

  public boolean mayEnd(int place) {
    return acceptor.mayEnd(places.get(place));
  }
}
